import { useMemo, useState } from 'preact/hooks';
import { encode } from 'uqr';
import { t } from '../words';

/** A code holds about 2,900 characters; one that a phone can read from a screen far fewer. */
const MOST_CHARACTERS = 600;
/** White around the code that readers need, in its own units. */
const BORDER = 4;

/** The page's address as a code for a phone's camera, made here: nobody else learns it. */
export function PhoneCard({ url: page }: { url: string }) {
  const url = new URL(page);
  url.hash = '';
  const hasMore = url.search !== '' || url.pathname !== '/';
  const isLong = url.href.length > MOST_CHARACTERS;
  const [isOrigin, setOrigin] = useState(false);
  const address = isOrigin || isLong ? `${url.origin}/` : url.href;
  return (
    <section class="phone" aria-labelledby="phone-title">
      <h3 id="phone-title">{t('ui_phone_title')}</h3>
      <p>{t('ui_phone_how')}</p>
      <Code address={address} />
      <p class="quiet phone-address">
        <bdi>{address}</bdi>
      </p>
      {url.search !== '' && !isOrigin && !isLong && <p class="note">{t('ui_phone_query')}</p>}
      {isLong && <p class="note">{t('ui_phone_long')}</p>}
      {hasMore && !isLong && (
        <label class="choice">
          <input type="checkbox" checked={isOrigin} onChange={({ currentTarget }) => setOrigin(currentTarget.checked)} />
          <span>{t('ui_phone_origin')}</span>
        </label>
      )}
    </section>
  );
}

function Code({ address }: { address: string }) {
  const { path, size } = useMemo(() => {
    const { data, size: side } = encode(address, { ecc: 'M', border: BORDER });
    const cells = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { path: cells.join(''), size: side };
  }, [address]);
  return (
    <svg
      class="phone-code"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={t('ui_phone_code', address)}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
