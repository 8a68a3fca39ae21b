import { useEffect, useState } from 'preact/hooks';
import { t } from '../words';
import { Icon } from './icons';

/** How long the word of success stays, ms. */
const CONFIRMED_MS = 2500;

/** Copies a command and says so. */
export function CopyButton({ value }: { value: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  const words = t(state === 'copied' ? 'ui_copied' : state === 'failed' ? 'ui_copy_failed' : 'ui_copy');
  return (
    <button type="button" class="button button-small" onClick={copy} aria-label={state === 'idle' ? t('ui_copy_this', value) : words}>
      <Icon name={state === 'copied' ? 'cleared' : 'copy'} />
      <span aria-live="polite">{words}</span>
    </button>
  );
}
