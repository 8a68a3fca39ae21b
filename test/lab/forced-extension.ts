import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { isInNamespace } from './namespace';

/** Where Debian's Chromium reads what an organisation prescribes. */
const CHROMIUM = '/etc/chromium';
const POLICY = 'policies/managed/lab.json';

/** An extension that an organisation has installed for everybody. */
export interface ForcedExtension {
  id: string;
  /** Takes the policy back and stops serving. */
  remove(): Promise<void>;
}

/** Whether a policy can be set here that nothing outside of the lab's own mount namespace sees. */
export function isPolicyPossible(): boolean {
  return isInNamespace() && process.getuid?.() === 0 && existsSync(CHROMIUM);
}

/** A field with bytes of a protocol buffer. */
function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Packs a folder as a signed CRX3 file [components/crx_file/crx3.proto]. */
async function pack(folder: string): Promise<{ id: string; crx: Buffer }> {
  const zip = new ZipFile();
  for (const name of readdirSync(folder)) zip.addBuffer(readFileSync(join(folder, name)), name);
  zip.end();
  const archive = await buffer(zip.outputStream);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const hash = createHash('sha256').update(key).digest().subarray(0, 16);
  const signedData = field(1, hash);
  const signature = sign(
    'sha256',
    Buffer.concat([Buffer.from('CRX3 SignedData\0'), uint32(signedData.length), signedData, archive]),
    privateKey,
  );
  const header = Buffer.concat([field(2, Buffer.concat([field(1, key), field(2, signature)])), field(10_000, signedData)]);
  // Sixteen letters from a to p, one for each half of a byte.
  const id = [...hash.toString('hex')].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
  return { id, crx: Buffer.concat([Buffer.from('Cr24'), uint32(3), uint32(header.length), header, archive]) };
}

/** Has every Chromium that is started from now on in this mount namespace install the extension of a folder, as a managed device would. */
export async function forceExtension(folder: string): Promise<ForcedExtension> {
  const { id, crx } = await pack(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { version: string };
  const server = createServer((request, response) => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (request.url?.startsWith('/update') === true) {
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<?xml version="1.0"?><gupdate xmlns="http://www.google.com/update2/response" protocol="2.0"><app appid="${id}"><updatecheck codebase="${address}/lab.crx" version="${version}"/></app></gupdate>`,
      );
    } else {
      response.setHeader('content-type', 'application/x-chrome-extension');
      response.end(crx);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const before = readdirSync(CHROMIUM).map((name): [string, Buffer] => [name, readFileSync(join(CHROMIUM, name))]);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', CHROMIUM], { encoding: 'utf8' });
  if (mounted.status !== 0) throw new Error(`The policy could not be set: ${mounted.stderr}`);
  for (const [name, bytes] of before) writeFileSync(join(CHROMIUM, name), bytes);
  mkdirSync(join(CHROMIUM, 'policies/managed'), { recursive: true });
  writeFileSync(join(CHROMIUM, POLICY), JSON.stringify({ ExtensionInstallForcelist: [`${id};http://127.0.0.1:${port}/update.xml`] }));
  return {
    id,
    async remove() {
      spawnSync('umount', [CHROMIUM]);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
