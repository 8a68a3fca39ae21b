import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findStep, STEPS } from '../../src/diagnosis/steps';
import type { Step } from '../../src/model/step';
import { CAUSE_IDS } from '../../src/model/vocabulary';
import { AUTOMATIC_COUNT, consentsFor, findByItself } from './automatic';
import { type Case, parseCases } from './cases';
import { GUIDE, minutesFor, PROBE_MINUTES } from './costs';
import { isAbleTo, isMendedBy, isSeenToFail, reveal } from './person';
import { CAP_MINUTES, SURE, type WalkResult, walk, walkGuide } from './walk';

const MINI = parseCases(readFileSync(new URL('mini.jsonl', import.meta.url), 'utf8'), 'mini.jsonl');
const mini = (id: string): Case => MINI.find((one) => one.id === id) as Case;
const step = (id: string): Step => findStep(id) as Step;
const made = (more: Partial<Case>): Case => ({ id: 'X', cause: 'transient', cluster: null, observations: {}, confirming: {}, ...more });
const minutesOf = ({ turns }: WalkResult, count = turns.length) => turns.slice(0, count).reduce((sum, { minutes }) => sum + minutes, 0);

describe('the simulated person', () => {
  it('tells what the case holds, the finer value first, and nothing else', () => {
    const one = made({ observations: { frequency: 'often', retry: 'fails' }, confirming: { frequency: 'rare', incognito: 'fails' } });
    expect(reveal(one, 'frequency')).toBe('rare');
    expect(reveal(one, 'retry')).toBe('fails');
    expect(reveal(one, 'incognito')).toBe('fails');
    expect(reveal(one, 'clock')).toBeUndefined();
  });
  it('mends only the true cause, by the own hands, and not where a fact says that it was in vain', () => {
    const filtered = made({ cause: 'security-software' });
    expect(isMendedBy(filtered, step('pause-security-software'))).toBe(true);
    expect(isMendedBy({ ...filtered, confirming: { 'security-software-paused': 'fails' } }, step('pause-security-software'))).toBe(false);
    expect(isMendedBy(filtered, step('clear-site-data'))).toBe(false);
    expect(isMendedBy(made({ cause: 'isp-filter' }), step('contact-provider'))).toBe(false);
    expect(isMendedBy(made({ cause: 'dns-answer' }), step('flush-dns'))).toBe(false);
  });
  it('works on a server only where it is theirs', () => {
    const blocked = made({ cause: 'server-block' });
    expect(isAbleTo(blocked, step('check-server-firewall'))).toBe(false);
    const owned = { ...blocked, observations: { 'visitor-role': 'site-developer-or-owner' } };
    expect(isMendedBy(owned, step('check-server-firewall'))).toBe(true);
  });
  it('sees a repair fail, but not that waiting was in vain while the page comes and goes', () => {
    const passing = made({ cause: 'server-overload', confirming: { retry: 'succeeds' } });
    expect(isSeenToFail(passing, step('wait-and-retry'))).toBe(false);
    expect(isSeenToFail(passing, step('change-dns'))).toBe(true);
    expect(isSeenToFail(passing, step('contact-site'))).toBe(false);
  });
});

describe('what the browser finds by itself', () => {
  it('is no answer to a question', () => {
    const one = made({ confirming: { 'general-connectivity': 'works', incognito: 'fails', 'server-log': 'no-entry', retry: 'fails' } });
    expect(findByItself(one)).toEqual({ 'general-connectivity': 'works', retry: 'fails' });
  });
  it('does not come from repeating an upload', () => {
    const upload = made({ observations: { method: 'post-or-upload' }, confirming: { retry: 'fails', 'general-connectivity': 'works' } });
    expect(findByItself(upload)).toEqual({ method: 'post-or-upload', 'general-connectivity': 'works' });
  });
  it('asks for consents only where they would help', () => {
    expect(consentsFor({ 'host-kind': 'loopback', method: 'post-or-upload' })).toEqual(['see-extensions', 'switch-extensions-off']);
    expect(consentsFor({ 'proxy-configured': 'system', frequency: 'rare' })).toEqual(expect.arrayContaining(['go-direct', 'larger-burst']));
  });
});

describe('a walk', { timeout: 30_000 }, () => {
  it('is over before it begins where the cause is plain', () => {
    const result = walk(mini('M1'));
    expect(result).toMatchObject({ steps: 0, minutes: 0, reachedBy: 'sure', last: { cause: 'captive-portal' } });
  });
  it('learns a fact only by the step that brings it, and ends when the page works', () => {
    const result = walk(mini('M2'));
    expect(result.turns[0]).toMatchObject({ step: 'automatic', outcome: 'told' });
    expect(result.turns[0]?.minutes).toBeCloseTo(AUTOMATIC_COUNT * PROBE_MINUTES);
    expect(result.turns.slice(0, -1).every(({ first }) => first.probability < SURE || first.cause !== 'router-filter')).toBe(true);
    expect(result.turns.at(-1)).toMatchObject({ step: 'pause-router-filter', outcome: 'works', first: { cause: 'router-filter' } });
    expect(result).toMatchObject({ reachedBy: 'mended', steps: result.turns.length });
    expect(result.minutes).toBeCloseTo(minutesOf(result));
  });
  it('goes another way where the same test fails', () => {
    const result = walk(mini('M3'));
    const paused = result.turns.findIndex(({ step: id }) => id === 'pause-router-filter');
    expect(result.turns[paused]?.outcome).toBe('told');
    expect(result.turns[paused]?.first).toMatchObject({ cause: 'isp-filter' });
    expect(result.last.cause).toBe('isp-filter');
    expect(result.minutes).toBeCloseTo(minutesOf(result, result.steps));
  });
  it('counts all of a dialogue that never reaches the cause', () => {
    const result = walk(mini('M4'));
    expect(result.reachedBy).toBeUndefined();
    expect(result.steps).toBe(result.turns.length);
    expect(result.minutes).toBeCloseTo(minutesOf(result));
    expect(result.minutes).toBeLessThan(CAP_MINUTES + 30);
    expect(result.turns.some(({ outcome }) => outcome === 'unknown')).toBe(true);
    expect(result.turns.some(({ outcome }) => outcome === 'told')).toBe(true);
  });
  it('does nothing twice', () => {
    for (const one of MINI) {
      const steps = walk(one).turns.map(({ step: id }) => id);
      expect(new Set(steps).size).toBe(steps.length);
    }
  });
  it('can be led without repairs', () => {
    const result = walk(mini('M4'), { doesRepair: false });
    expect(result.turns.filter(({ outcome }) => outcome === 'works' || outcome === 'fails')).toEqual([]);
  });
});

describe('the guide', () => {
  it('is the published one, unedited', () => {
    const bytes = readFileSync(new URL('steps.json', import.meta.url));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe('5b7a2f7a023cd040fade08014c4f40b662decca97cbca5eb89f50f867f3884cb');
    expect(GUIDE).toHaveLength(22);
  });
  it('costs all rows up to the one that reaches the cause', () => {
    expect(walkGuide('captive-portal')).toEqual({ steps: 1, minutes: 2 });
    expect(walkGuide('security-software')).toEqual({ steps: 5, minutes: 27 });
    expect(walkGuide('load-balancer')).toEqual({ steps: 21, minutes: 219 });
    expect(CAUSE_IDS.filter((cause) => !GUIDE.some(({ reaches }) => reaches.includes(cause)))).toEqual([]);
  });
});

describe('prices', () => {
  it('are those of steps.json, for every step, and the product reckons with the same', () => {
    expect(STEPS.filter((one) => Math.abs(minutesFor(one) - one.minutes) > 1e-9).map(({ id }) => id)).toEqual([]);
  });
});
