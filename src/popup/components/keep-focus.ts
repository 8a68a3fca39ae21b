import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Moves the focus to a section's heading where the button that had it went away with what it began or ended; `shown` tells those states apart. */
export function useKeptFocus(shown: unknown): { section: RefObject<HTMLElement | null>; heading: RefObject<HTMLHeadingElement | null> } {
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(shown);
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (before.current !== shown && hadFocus && !section.current?.contains(document.activeElement)) heading.current?.focus();
    before.current = shown;
  });
  return { section, heading };
}
