import { describe, expect, it } from 'vitest';
import { CaseError, parseCases } from './cases';

const line = (more: object) =>
  JSON.stringify({ id: 'A', cause: 'transient', cluster: null, observations: { retry: 'succeeds' }, confirming: {}, ...more });
const messageOf = (text: string): string => {
  try {
    parseCases(text, 'some.jsonl');
  } catch (error) {
    if (error instanceof CaseError) return error.message;
    throw error;
  }
  return 'no error';
};

describe('reading cases', () => {
  it('takes the fields that scoring needs and passes over empty lines', () => {
    const cases = parseCases(`${line({})}\n\n${line({ id: 'B', cluster: 'twins', text: 'more', strength: 'solid' })}\r\n`, 'some.jsonl');
    expect(cases).toEqual([
      { id: 'A', cause: 'transient', cluster: null, observations: { retry: 'succeeds' }, confirming: {} },
      { id: 'B', cause: 'transient', cluster: 'twins', observations: { retry: 'succeeds' }, confirming: {} },
    ]);
  });
  it('does without confirming, cluster and id', () => {
    expect(parseCases('{"cause":"transient","observations":{}}', 'x')).toEqual([
      { id: 'x, line 1', cause: 'transient', cluster: null, observations: {}, confirming: {} },
    ]);
  });
  it('ignores an observation that the vocabulary does not know, and says so', () => {
    const notes: string[] = [];
    const [one] = parseCases(line({ observations: { retries: 'succeeds', scope: 'one-site' } }), 'some.jsonl', (note) => notes.push(note));
    expect(one?.observations).toEqual({ scope: 'one-site' });
    expect(notes).toEqual([
      'some.jsonl, line 1: "observations" has the unknown observation "retries", which is ignored; did you mean "retry"?',
    ]);
  });
  it.each([
    ['bad JSON', `${line({})}\n{"id": `, 'some.jsonl, line 2: this is not JSON'],
    ['no object', '[]', 'some.jsonl, line 1: a case is one JSON object'],
    ['no cause', line({ cause: undefined }), 'some.jsonl, line 1: "cause" is missing or not a text'],
    ['an unknown cause', line({ cause: 'isp-filters' }), 'some.jsonl, line 1: unknown cause "isp-filters"; did you mean "isp-filter"?'],
    ['a name that every object has', line({ cause: 'constructor' }), 'some.jsonl, line 1: unknown cause "constructor"'],
    ['no observations', line({ observations: undefined }), 'some.jsonl, line 1: "observations" is not an object of observations'],
    [
      'an unknown value',
      line({ confirming: { retry: 'works' } }),
      'some.jsonl, line 1: "confirming" gives "retry" the unknown value "works"; known are succeeds, fails',
    ],
    ['a value that is no text', line({ observations: { retry: 1 } }), 'the unknown value 1;'],
    ['a cluster that is no name', line({ cluster: 3 }), 'some.jsonl, line 1: "cluster" is neither a text nor null'],
    ['an empty file', '\n', 'some.jsonl: no cases in it'],
  ])('names the line of %s', (_, text, message) => {
    expect(messageOf(text)).toContain(message);
  });
});
