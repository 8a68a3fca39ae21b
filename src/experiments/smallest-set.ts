/**
 * The smallest set whose absence mends, where taking away more never harms. `items`: lightest first, so that for a
 * matter of the sum the heaviest remain, which are the fewest. It is known that taking all away mends and taking none
 * does not. `mends` answers undefined where it cannot tell; then so does this.
 * One culprit costs at most 3 + log2 n questions; the heaviest alone costs one.
 */
export async function smallestSet<Item>(
  items: readonly Item[],
  mends: (absent: readonly Item[]) => Promise<boolean | undefined>,
): Promise<readonly Item[] | undefined> {
  if (items.length <= 1) return items;
  const heaviest = items.slice(-1);
  const isHeaviest = await mends(heaviest);
  if (isHeaviest === undefined) return undefined;
  if (isHeaviest) return heaviest;

  const needed: Item[] = [];
  let rest = items;
  while (rest.length > 0) {
    if (needed.length > 0) {
      const isEnough = await mends(needed);
      if (isEnough === undefined) return undefined;
      if (isEnough) return needed;
    }
    // So many of the lightest may come back; that many may not.
    let may = 0;
    let mayNot = rest.length;
    // After the first culprit of a sum, the next heavier ones are culprits as well: small steps first.
    let step = needed.length > 0 ? 1 : Number.POSITIVE_INFINITY;
    while (mayNot - may > 1) {
      const middle = Math.min(may + step, may + Math.floor((mayNot - may) / 2));
      const isMended = await mends([...needed, ...rest.slice(middle)]);
      if (isMended === undefined) return undefined;
      if (isMended) may = middle;
      else mayNot = middle;
      step *= 2;
    }
    needed.push(rest[may] as Item);
    rest = rest.slice(may + 1);
  }
  return needed;
}
