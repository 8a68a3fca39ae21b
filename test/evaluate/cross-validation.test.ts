import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MODEL } from '../../src/diagnosis/rank';
import { type Case, parseCases } from './cases';
import { blended, countedOnly, drawn, toldUnasked } from './counted';
import { bestFactor, clustersOf, errorOfPerfect, heldOut, heldOutFactor, logLossOf, qualityOf, saidOf } from './cross-validation';
import { equalBinsOf } from './figures';

const read = (name: string): Case[] => parseCases(readFileSync(new URL(name, import.meta.url), 'utf8'), name);
const KNOWN = read('../diagnosis/cases.jsonl');
const FRESH = read('fresh-cases.jsonl');
const BLIND = read('blind-cases.jsonl');
const COLLECTED = read('collected-cases.jsonl');

describe('the evidence factor', () => {
  it('lies between what all cases together ask for by log loss and what the known ones alone do', () => {
    expect(MODEL.factor).toBeLessThanOrEqual(bestFactor(KNOWN, MODEL));
    expect(MODEL.factor).toBeGreaterThanOrEqual(bestFactor([...KNOWN, ...FRESH, ...BLIND], MODEL));
  });
  it('is calibrated on clusters that its fit has not seen', () => {
    const { said, chosen } = heldOutFactor(KNOWN, MODEL);
    expect(said).toHaveLength(KNOWN.length);
    expect([...chosen.values()].reduce((sum, count) => sum + count, 0)).toBe(clustersOf(KNOWN).length);
    const quality = qualityOf(said);
    expect(quality.width10).toBeLessThanOrEqual(0.1);
    // These are right more often than is said; those that were written down without knowing the cause less often.
    expect(quality.mass10).toBeLessThanOrEqual(0.11);
    expect(quality.width15).toBeLessThanOrEqual(0.12);
  });
});

describe('fresh cases, no part of any fit', () => {
  it('share no thread with the known ones', () => {
    const sources = (name: string) =>
      readFileSync(new URL(name, import.meta.url), 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { source: string }).source);
    const known = new Set(sources('../diagnosis/cases.jsonl'));
    for (const name of ['fresh-cases.jsonl', 'blind-cases.jsonl', 'collected-cases.jsonl'])
      expect(sources(name).filter((source) => known.has(source))).toEqual([]);
  });
  it('are judged as well as the known ones', () => {
    const quality = qualityOf(saidOf(FRESH, MODEL));
    expect(quality.owner).toBeGreaterThanOrEqual(0.8);
    expect(quality.amongThree).toBeGreaterThanOrEqual(0.85);
    expect(quality.first).toBeGreaterThanOrEqual(0.7);
  });
  it('leave all cases together calibrated', () => {
    const quality = qualityOf(saidOf([...KNOWN, ...FRESH, ...BLIND], MODEL));
    expect(quality.width10).toBeLessThanOrEqual(0.09);
    expect(quality.mass10).toBeLessThanOrEqual(0.11);
  });
});

describe('cases whose facts were written down without knowing the cause', () => {
  it('are judged far better than by the prior, though worse than the others', () => {
    const quality = qualityOf(saidOf(BLIND, MODEL));
    expect(quality.owner).toBeGreaterThanOrEqual(0.68);
    expect(quality.amongThree).toBeGreaterThanOrEqual(0.62);
    expect(quality.first).toBeGreaterThanOrEqual(0.46);
  });
});

describe('cases collected after the tables were written', () => {
  it('are judged far better than by the prior, though worse than the others', () => {
    const quality = qualityOf(saidOf(COLLECTED, MODEL));
    expect(quality.owner).toBeGreaterThanOrEqual(0.6);
    expect(quality.amongThree).toBeGreaterThanOrEqual(0.6);
    expect(quality.first).toBeGreaterThanOrEqual(0.44);
  });
  it('are given no more than they are right, nor are all cases together', () => {
    expect(qualityOf(saidOf(COLLECTED, MODEL)).width10).toBeLessThanOrEqual(0.12);
    expect(qualityOf(saidOf([...KNOWN, ...FRESH, ...BLIND, ...COLLECTED], MODEL)).width10).toBeLessThanOrEqual(0.07);
  });
});

describe('comparisons', () => {
  it('never split near-duplicates', () => {
    const sizes = clustersOf(KNOWN).map((cluster) => new Set(cluster.map(({ cluster: name }) => name)).size);
    expect(new Set(sizes)).toEqual(new Set([1]));
  });
  it('judge each case by a model that was made without its cluster', () => {
    const twins = KNOWN.filter(({ cluster }) => cluster === 'iis_express');
    const seen: number[] = [];
    heldOut(KNOWN, (others) => {
      seen.push(others.filter((one) => twins.includes(one)).length);
      return MODEL;
    });
    expect(new Set(seen)).toEqual(new Set([0, twins.length]));
  });
  it('show that counts do no better than the tables', () => {
    const loss = logLossOf(saidOf(KNOWN, MODEL));
    expect(logLossOf(heldOut(KNOWN, (others) => countedOnly(others)))).toBeGreaterThan(loss);
    expect(logLossOf(heldOut(KNOWN, (others) => blended(MODEL, others, { tables: 15 })))).toBeGreaterThan(loss);
  });
  it('blend to the tables themselves where they are worth ever so many cases', () => {
    const one = KNOWN[0] as Case;
    const [own] = saidOf([one], MODEL);
    const [mixed] = saidOf([one], blended(MODEL, KNOWN, { tables: 1e12, priors: 1e12 }));
    expect(mixed?.chances.get(one.cause)).toBeCloseTo(own?.chances.get(one.cause) ?? 0);
  });
  it('leave the rows as they are where nothing draws them and what is told counts for nothing', () => {
    const one = KNOWN[0] as Case;
    const own = saidOf([one], MODEL)[0]?.chances.get(one.cause) ?? 0;
    expect(saidOf([one], drawn(MODEL, {}))[0]?.chances.get(one.cause)).toBeCloseTo(own);
    expect(saidOf([one], toldUnasked(MODEL, KNOWN, 1e12))[0]?.chances.get(one.cause)).toBeCloseTo(own);
    expect(saidOf([one], drawn(MODEL, { all: 1 }))[0]?.chances.get(one.cause)).toBeCloseTo(
      MODEL.priorOf(one.observations).get(one.cause) ?? 0,
    );
  });
  it('know what chance alone does to few cases', () => {
    const claims = Array.from({ length: 100 }, (_, index) => ({ probability: index / 100, isTrue: true, weight: 1 }));
    expect(errorOfPerfect(claims, 200)).toBeGreaterThan(0.05);
    expect(
      errorOfPerfect(
        Array.from({ length: 100 }, () => ({ probability: 1, isTrue: true, weight: 1 })),
        200,
      ),
    ).toBe(0);
    expect(equalBinsOf(claims).map(({ weight }) => weight)).toEqual(Array.from({ length: 10 }, () => 10));
  });
});
