import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.mjs';

const read = (...args: string[]) => {
  const parsed = parseOptions(args, '/');
  return 'options' in parsed ? parsed.options.allow : parsed.error;
};

describe('parseOptions', () => {
  it('says yes by itself only in the lab', () => {
    expect(read()).toBe('all');
    expect(read('--browser', 'firefox')).toBe('all');
    expect(read('--allow', 'none')).toBe('none');
    expect(read('--url', 'http://example.org/')).toBe('none');
    expect(read('--url', 'http://example.org/', '--allow', 'all')).toBe('all');
    expect(read('--allow', 'some')).toContain('all or none');
  });
});
