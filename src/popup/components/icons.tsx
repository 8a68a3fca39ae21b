import type { CheckOutcome, PathPart } from '../../model/check';

const PATHS = {
  browser: 'M3.5 6.5a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2zM3.5 9h17M6.2 6.8h.01M8.7 6.8h.01',
  device: 'M5.5 6a1.5 1.5 0 0 1 1.5-1.5h10A1.5 1.5 0 0 1 18.5 6v9.5h-13zM3 18.5h18',
  'local-network':
    'M5 14.5h14a1.5 1.5 0 0 1 1.5 1.5v2a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18v-2A1.5 1.5 0 0 1 5 14.5zM7 17h.01M10 17h.01M8 11a5.7 5.7 0 0 1 8 0M5.5 8.2a9.3 9.3 0 0 1 13 0M12 13.9v.6',
  path: 'M12 20V9.5M8.8 20 12 9.5 15.2 20M10 16.5h4M8.6 10.9a4.7 4.7 0 0 1 0-6.8M15.4 4.1a4.7 4.7 0 0 1 0 6.8M12 7.5h.01',
  site: 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4zM3.8 12h16.4M12 3.8c2.3 2.2 3.5 5 3.5 8.2s-1.2 6-3.5 8.2c-2.3-2.2-3.5-5-3.5-8.2s1.2-6 3.5-8.2z',
  implicated: 'M12 7v6M12 16.6v.01',
  cleared: 'M7.5 12.4l3 3 6-6.6',
  inconclusive: 'M9.3 9.6a2.7 2.7 0 1 1 4 2.4c-.9.5-1.3 1-1.3 2M12 16.8v.01',
  'not-applicable': 'M8 12h8',
  'not-run': 'M12 8v4.2l2.6 1.6',
  error: 'M9 9l6 6M15 9l-6 6',
  copy: 'M9 9V6.5A1.5 1.5 0 0 1 10.5 5h7A1.5 1.5 0 0 1 19 6.5v7a1.5 1.5 0 0 1-1.5 1.5H15M6.5 9h7a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 17.5v-7A1.5 1.5 0 0 1 6.5 9z',
  tab: 'M13.5 5H19v5.5M19 5l-7.5 7.5M10 6H6.5A1.5 1.5 0 0 0 5 7.5v10A1.5 1.5 0 0 0 6.5 19h10a1.5 1.5 0 0 0 1.5-1.5V14',
  panel: 'M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM14 5v14',
  chevron: 'M9.5 7l5 5-5 5',
  back: 'M19 12H6M11 6.5 5.5 12l5.5 5.5',
  file: 'M7 4.5h6.5L18 9v9.5a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM13 4.5V9.5h5M9 13h6M9 16h4',
  again: 'M18.5 9A7 7 0 1 0 19 13M19 5v4.2h-4.2',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawn sign; always beside words, so hidden from screen readers. */
export function Icon({ name, isRinged = false }: { name: IconName; isRinged?: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {isRinged && <circle cx="12" cy="12" r="9" />}
      <path d={PATHS[name]} />
    </svg>
  );
}

export function PartIcon({ part }: { part: PathPart }) {
  return <Icon name={part} />;
}

export function OutcomeIcon({ outcome }: { outcome: CheckOutcome }) {
  return (
    <span class={`outcome outcome-${outcome}`}>
      <Icon name={outcome} isRinged />
    </span>
  );
}

/** The product's mark: an interrupted line, bridged. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="mark-stitch" d="M10 21C10 6 22 6 22 21" />
      <path d="M2.5 21h7.5M22 21h7.5" />
      <circle cx="10" cy="21" r="3.8" />
      <circle cx="22" cy="21" r="3.8" />
    </svg>
  );
}
