import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A code by which a phone opens the page; what draws it is loaded when it is shown. */
export function PhoneSlot({ url }: { url: string }) {
  const [card, setCard] = useState<{ Card: ComponentType<{ url: string }> } | undefined>(undefined);
  useEffect(() => {
    let isOver = false;
    import('./phone-card').then(
      ({ PhoneCard }) => isOver || setCard({ Card: PhoneCard }),
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, []);
  return card === undefined ? null : <card.Card url={url} />;
}
