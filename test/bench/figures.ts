/** The middle value, rounded to a tenth; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
  return Math.round((value ?? Number.NaN) * 10) / 10;
}

/** Medians of `values` and of `base`, measured in turns, divided; to a thousandth. */
export function ratio(values: readonly number[], base: readonly number[]): number {
  return Math.round((median(values) / median(base)) * 1000) / 1000;
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
