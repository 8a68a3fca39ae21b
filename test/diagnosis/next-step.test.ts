import { describe, expect, it } from 'vitest';
import { chancesTold, rankTold, repairFactors } from '../../src/diagnosis/dialogue';
import { MENDS, mendChance, outcomeChance } from '../../src/diagnosis/dialogue-chances';
import { expectedGain, repairGain, uncertainty } from '../../src/diagnosis/gain';
import { chooseSteps, type StepContext, separatingStep } from '../../src/diagnosis/next-step';
import { type FactValues, rank } from '../../src/diagnosis/rank';
import { findStep, QUESTIONS, STEPS } from '../../src/diagnosis/steps';
import type { Step, StepResult } from '../../src/model/step';
import { CAUSE_IDS, type CauseId } from '../../src/model/vocabulary';

const step = (id: string): Step => findStep(id) as Step;
const choose = (facts: FactValues, more: Partial<StepContext> = {}) => {
  const context = { facts, openConsents: [], stepResults: [], ...more };
  return chooseSteps(chancesTold(context), context);
};
const ids = (steps: readonly { id: string }[]) => steps.map(({ id }) => id);
const reasonOf = (facts: FactValues, id: string, more: Partial<StepContext> = {}) =>
  choose(facts, more).gone.find((gone) => gone.id === id)?.why.id;
const result = (id: string, outcome: StepResult['outcome']): StepResult => ({ step: id, outcome, atMs: 1 });
const chance = (cause: CauseId, facts: FactValues, ...stepResults: StepResult[]) => chancesTold({ facts, stepResults }).get(cause) ?? 0;

const HOME: FactValues = {
  'error-kind': 'reset',
  scope: 'one-site',
  'host-kind': 'public',
  'visitor-role': 'visitor',
  'general-connectivity': 'works',
  'network-owner': 'home',
};
const OWNER: FactValues = { 'error-kind': 'reset', 'host-kind': 'public', 'visitor-role': 'site-developer-or-owner', retry: 'fails' };

describe('what repairs tell', () => {
  it('changes nothing before any was done', () => {
    expect(rankTold({ facts: HOME, stepResults: [] }).map(({ id }) => id)).toEqual(rank(HOME).map(({ id }) => id));
    expect([...repairFactors({ facts: HOME, stepResults: [] }).values()].every((factor) => factor === 1)).toBe(true);
  });
  it('speaks against what a vain repair mends, and for it where the page works', () => {
    const before = chance('dns-answer', HOME);
    expect(chance('dns-answer', HOME, result('change-dns', 'done-still-fails'))).toBeLessThan(before / 2);
    expect(chance('dns-answer', HOME, result('change-dns', 'done-and-works'))).toBeGreaterThan(before * 5);
    expect(chance('dns-answer', HOME, result('change-dns', 'skipped'))).toBeCloseTo(before);
    expect(chance('dns-answer', HOME, result('change-dns', 'done'))).toBeCloseTo(before);
  });
  it('goes by the last word on a step', () => {
    const again = [result('change-dns', 'done-still-fails'), result('change-dns', 'done-and-works')];
    expect(chance('dns-answer', HOME, ...again)).toBeCloseTo(chance('dns-answer', HOME, result('change-dns', 'done-and-works')));
  });
  it('does not count a fact twice that is an observation as well', () => {
    const facts: FactValues = { ...HOME, 'vpn-toggled': 'no-difference' };
    expect(chance('vpn-client', facts, result('toggle-vpn', 'done-still-fails'))).toBeCloseTo(chance('vpn-client', facts));
    expect(chance('security-software', HOME, result('pause-security-software', 'done-still-fails'))).toBeCloseTo(
      chance('security-software', HOME),
    );
  });
  it('does not count how often the page fails again with every vain repair', () => {
    const facts: FactValues = { ...HOME, retry: 'succeeds', frequency: 'often' };
    const before = chance('server-overload', facts) / chance('server-block', facts);
    const vain = ['change-dns', 'lower-mtu', 'sign-in-to-network', 'update-network-driver'].map((id) => result(id, 'done-still-fails'));
    expect(chance('server-overload', facts, ...vain) / chance('server-block', facts, ...vain)).toBeCloseTo(before);
  });
  it('takes "works now" for a possible coincidence where the page comes and goes', () => {
    expect(outcomeChance(step('change-dns'), 'transient', true)).toBeGreaterThan(0.4);
    expect(outcomeChance(step('change-dns'), 'isp-filter', true)).toBeLessThan(0.1);
    const steady: FactValues = { retry: 'fails' };
    expect(outcomeChance(step('change-dns'), 'server-overload', true, steady)).toBeLessThan(
      outcomeChance(step('change-dns'), 'server-overload', true) / 2,
    );
  });
});

describe('expected gain', () => {
  it('is never negative nor more than there is to learn', () => {
    for (const facts of [HOME, OWNER]) {
      const standing = { facts, chances: chancesTold({ facts, stepResults: [] }), factors: repairFactors({ facts, stepResults: [] }) };
      const open = uncertainty(standing.chances);
      for (const { asks } of QUESTIONS) {
        if (!asks || facts[asks] !== undefined) continue;
        expect(expectedGain(asks, standing), asks).toBeGreaterThanOrEqual(0);
        expect(expectedGain(asks, standing), asks).toBeLessThanOrEqual(open);
      }
      for (const one of STEPS) expect(repairGain(one, standing), one.id).toBeLessThanOrEqual(open);
    }
  });
  it('is next to nothing where the matter is settled', () => {
    const facts: FactValues = { 'error-kind': 'reset', 'captive-portal': 'yes', scope: 'all-sites', 'network-owner': 'public' };
    const standing = { facts, chances: chancesTold({ facts, stepResults: [] }), factors: repairFactors({ facts, stepResults: [] }) };
    expect(expectedGain('other-browser', standing)).toBeLessThan(0.02);
  });
  it('counts less for a second fact of a group', () => {
    const gain = (facts: FactValues) => {
      const chances = chancesTold({ facts: HOME, stepResults: [] });
      return expectedGain('other-browser', { facts, chances, factors: repairFactors({ facts, stepResults: [] }) });
    };
    expect(gain({ ...HOME, 'other-client': 'fails' })).not.toBeCloseTo(gain(HOME));
  });
});

describe('the next step', () => {
  it('is the repair where the cause is plain', () => {
    expect(choose({ 'error-kind': 'reset', 'captive-portal': 'yes', scope: 'all-sites' }).next[0]?.id).toBe('sign-in-to-network');
  });
  it('is a cheap test where several causes stand close', () => {
    const [first] = choose(HOME).next;
    expect(step(first?.id ?? '').minutes).toBeLessThanOrEqual(3);
    expect(mendChance(step(first?.id ?? ''), 'isp-filter')).toBe(0);
  });
  it('changes with every answer', () => {
    const first = (facts: FactValues) => choose({ ...facts, frequency: 'always' }).next[0]?.id;
    const paused: FactValues = { ...HOME, 'other-network': 'works', 'other-device-same-network': 'fails' };
    const firsts = new Set([first(HOME), first(paused), first({ ...paused, 'router-filter-paused': 'fails' })]);
    expect(firsts.size).toBe(3);
  });
  it('comes back after a skip only behind all others', () => {
    const [first] = choose(HOME).next;
    const after = choose(HOME, { stepResults: [result(first?.id ?? '', 'skipped')] });
    expect(after.next[0]?.id).not.toBe(first?.id);
    expect(ids(after.next.slice(0, -1))).not.toContain(first?.id);
  });
  it('never gives a step twice, and every step is either there, gone with a reason, or stood for by a guided one', () => {
    const { next, gone } = choose(HOME);
    expect(new Set([...ids(next), ...ids(gone)]).size).toBe(next.length + gone.length);
    expect(next.map(({ score }) => score)).toEqual(next.map(({ score }) => score).sort((a, b) => b - a));
  });
});

/** A ClientHello that is too large for somebody on the way, as our probes see it in Firefox. */
const GREETING: FactValues = {
  'error-kind': 'reset-or-close',
  scheme: 'https',
  method: 'navigation-or-get',
  'host-kind': 'public',
  phase: 'unknown-before-headers',
  'time-to-failure': 'immediate',
  frequency: 'always',
  retry: 'fails',
  'extension-bypass': 'fails',
  'extensions-disabled': 'fails',
  cookieless: 'fails',
  'proxy-configured': 'none',
  'direct-connection': 'fails',
  'captive-portal': 'no',
  'general-connectivity': 'works',
  scope: 'one-site',
  'resolver-agreement': 'agree',
  'address-records': 'ipv4-only',
  'tls-without-name': 'fails',
  'site-root': 'fails',
  'other-scheme': 'http-works-https-fails',
  'port-protocol': 'as-expected',
  'sibling-host': 'works',
};

describe('where only the greeting fails', () => {
  it('the cheap look from elsewhere comes first, and the smaller greeting is among the next', () => {
    const steps = ids(choose(GREETING).next);
    expect(steps[0]).toBe('measure-from-outside');
    expect(steps.slice(0, 4)).toContain('try-small-clienthello');
  });
  it('the smaller greeting is what separates a greeting that is too large from a server without a certificate for the name', () => {
    const context = { facts: GREETING, openConsents: [], stepResults: [] };
    expect(separatingStep('server-certificate-binding', 'tls-clienthello', context)).toBe('try-small-clienthello');
  });
  it('online checks that reach the site speak for the greeting, and a smaller one that fails against it', () => {
    expect(chance('tls-clienthello', { ...GREETING, 'outside-vantage': 'works' })).toBeGreaterThan(0.5);
    expect(chance('tls-clienthello', { ...GREETING, 'small-clienthello': 'works' })).toBeGreaterThan(0.9);
    expect(chance('tls-clienthello', { ...GREETING, 'small-clienthello': 'fails' })).toBeLessThan(0.05);
  });
});

describe('what a consent may bring', () => {
  it('holds the address records of the resolvers, and the site’s root', () => {
    const open = (consent: 'ask-resolvers' | 'host-access') =>
      choose(HOME, { openConsents: [consent] }).open.map(({ observation }) => observation);
    expect(open('ask-resolvers')).toContain('address-records');
    expect(open('host-access')).toEqual(expect.arrayContaining(['site-root', 'response-size']));
  });
});

describe('steps that can no longer help', () => {
  it('leave with the reason', () => {
    expect(reasonOf(HOME, 'check-server-firewall')).toBe('gone_not_yours');
    expect(reasonOf(HOME, 'check-connection')).toBe('gone_known');
    expect(reasonOf(HOME, 'switch-proxy-off')).toBe('gone_no_proxy');
    expect(reasonOf({ ...HOME, 'vpn-active': 'no' }, 'toggle-vpn')).toBe('gone_no_vpn');
    expect(reasonOf({ ...HOME, 'security-software': 'absent' }, 'pause-security-software')).toBe('gone_no_security_software');
    expect(reasonOf(HOME, 'ask-request-size')).toBe('gone_no_upload');
    expect(reasonOf({ ...OWNER, 'host-kind': 'loopback' }, 'restart-router')).toBe('gone_on_this_device');
    expect(reasonOf(HOME, 'ask-loopback-names')).toBe('gone_not_on_this_device');
    expect(reasonOf(HOME, 'change-dns', { stepResults: [result('change-dns', 'done-still-fails')] })).toBe('gone_done');
    expect(reasonOf({ ...HOME, 'captive-portal': 'no' }, 'sign-in-to-network')).toBe('gone_no_gain');
  });
  it('come back when the person takes the answer back', () => {
    expect(reasonOf({ ...HOME, 'proxy-configured': 'system' }, 'switch-proxy-off')).toBeUndefined();
    expect(reasonOf(OWNER, 'read-server-log')).toBeUndefined();
  });
});

describe('chances of mending', () => {
  it('belong to steps of the catalogue and to causes that these name', () => {
    const strangers = Object.entries(MENDS).flatMap(([id, mends]) =>
      Object.keys(mends).filter((cause) => !findStep(id)?.causes.includes(cause as CauseId)),
    );
    expect(strangers).toEqual([]);
  });
  it('are chances', () => {
    for (const one of STEPS) {
      for (const cause of CAUSE_IDS) {
        expect(mendChance(one, cause), `${one.id} ${cause}`).toBeGreaterThanOrEqual(0);
        expect(mendChance(one, cause), `${one.id} ${cause}`).toBeLessThan(1);
      }
    }
  });
});
