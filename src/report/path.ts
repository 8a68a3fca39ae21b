const MASK = '***';

/** A segment after one of these names a person. */
const BEFORE_NAME = new Set([
  'u',
  'user',
  'users',
  'home',
  'profile',
  'profiles',
  'account',
  'accounts',
  'people',
  'person',
  'member',
  'members',
  'author',
  'authors',
  'customer',
  'customers',
  'patient',
  'patients',
  'student',
  'students',
  'employee',
  'employees',
]);
/** A segment after one of these opens something. */
const BEFORE_KEY = new Set([
  'token',
  'tokens',
  'reset',
  'reset-password',
  'password-reset',
  'verify',
  'verification',
  'confirm',
  'confirmation',
  'activate',
  'activation',
  'invite',
  'invites',
  'invitation',
  'share',
  'shared',
  's',
  'auth',
  'key',
  'session',
  'sessions',
  'unsubscribe',
  'magic',
  'magic-link',
  'login-link',
  'download-link',
]);

function decodeFully(segment: string): string {
  let value = segment;
  for (let round = 0; round < 3 && value.includes('%'); round += 1) {
    try {
      value = decodeURIComponent(value);
    } catch {
      return value;
    }
  }
  return value;
}

function looksSecretWord(word: string): boolean {
  if (/^\d{7,}$/.test(word)) return true;
  if (/^[0-9a-f]{8,}$/i.test(word) && /\d/.test(word) && /[a-f]/i.test(word)) return true;
  if (word.length > 24) return true;
  const hasDigit = /\d/.test(word);
  const hasLetter = /\p{L}/u.test(word);
  if (word.length >= 12 && hasDigit && hasLetter) return true;
  const switches = (word.match(/(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]/g) ?? []).length;
  return word.length >= 10 && hasDigit && hasLetter && switches >= 3;
}

/** Whether a decoded path segment looks like a key, an e-mail address, an id of somebody or a user name. */
function isPrivateSegment(segment: string): boolean {
  if (segment === '') return false;
  if (/[@=&;?#~:\\\s]/.test(segment)) return true;
  if (/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.test(segment)) return true;
  if (segment.length > 80) return true;
  if (/^eyJ/.test(segment)) return true;
  return segment.split(/[-_.,+!$'()|]/).some(looksSecretWord);
}

/** A path with everything replaced by `***` that looks like a key, an e-mail address, an id or a user name. */
export function maskPath(path: string): string {
  let previous = '';
  return path
    .split('/')
    .map((segment) => {
      const before = previous;
      const decoded = decodeFully(segment);
      previous = decoded.toLowerCase();
      if (segment === MASK || segment === '') return segment;
      const follows = BEFORE_NAME.has(before) || BEFORE_KEY.has(before);
      return follows || isPrivateSegment(decoded) ? MASK : segment;
    })
    .join('/');
}
