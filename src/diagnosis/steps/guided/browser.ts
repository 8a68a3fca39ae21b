import type { Step } from '../../../model/step';
import { lines } from './lines';

/** What is done in the browser: its extensions, what it keeps of the site, another one beside it. */
export const BROWSER_STEPS: readonly Step[] = [
  {
    id: 'open-private-window',
    kind: 'guided',
    area: 'extensions',
    guideRows: [7],
    causes: ['browser-extension', 'browser-site-data', 'oversized-headers'],
    minutes: 2,
    risk: 0,
    tells: { observation: 'incognito', works: 'works', fails: 'fails' },
    experiments: ['private-window'],
    instructions: [
      { browser: ['firefox'], lines: lines('open-private-window', 'firefox', 3) },
      { lines: lines('open-private-window', 'any', 3) },
    ],
  },
  {
    id: 'try-other-browser',
    kind: 'guided',
    area: 'extensions',
    guideRows: [7],
    causes: ['browser-extension', 'browser-site-data', 'tls-clienthello', 'http2-or-quic'],
    minutes: 2,
    risk: 0,
    tells: { observation: 'other-browser', works: 'works', fails: 'fails' },
    instructions: [
      { os: ['windows'], browser: ['firefox'], lines: lines('try-other-browser', 'windows_firefox', 3) },
      { os: ['macos'], lines: lines('try-other-browser', 'macos', 3) },
      { os: ['chromeos'], lines: lines('try-other-browser', 'chromeos', 2) },
      { lines: lines('try-other-browser', 'any', 3) },
    ],
  },
  {
    id: 'disable-extensions',
    kind: 'guided',
    area: 'extensions',
    guideRows: [4],
    causes: ['browser-extension'],
    minutes: 8,
    risk: 0.1,
    tells: { observation: 'extensions-disabled', works: 'works', fails: 'fails' },
    instructions: [
      { browser: ['firefox'], lines: lines('disable-extensions', 'firefox', 5) },
      { browser: ['edge'], lines: lines('disable-extensions', 'edge', 5) },
      { lines: lines('disable-extensions', 'any', 5) },
    ],
  },
  {
    id: 'clear-site-data',
    kind: 'guided',
    area: 'site-data',
    guideRows: [3],
    causes: ['browser-site-data', 'oversized-headers'],
    minutes: 3,
    risk: 0.3,
    experiments: ['cookie-search', 'site-data'],
    instructions: [
      { browser: ['firefox'], lines: lines('clear-site-data', 'firefox', 3) },
      { browser: ['edge'], lines: lines('clear-site-data', 'edge', 3) },
      { lines: lines('clear-site-data', 'any', 3) },
    ],
  },
  {
    id: 'restart-browser',
    kind: 'guided',
    area: 'site-data',
    guideRows: [3],
    causes: ['browser-site-data'],
    minutes: 2,
    risk: 0.2,
    instructions: [
      { browser: ['firefox'], lines: lines('restart-browser', 'firefox', 2) },
      { browser: ['edge'], lines: lines('restart-browser', 'edge', 2) },
      { lines: lines('restart-browser', 'any', 2) },
    ],
  },
];
