/** Where {@link searchBack} looks. */
export interface SearchRange {
  readonly top: number;
  /** How far below `top` it looks at most. */
  readonly reach: number;
}

/**
 * The lowest number from which on `holds` is true up to `top`, or `top - reach` (at least 0) if it is true there too;
 * undefined if it is false at `top`. What is true once stays true above. Numbers near `top` are found with few
 * questions: they double their distance first, then halve what is left.
 */
export async function searchBack(
  { top, reach }: SearchRange,
  holds: (at: number) => Promise<boolean>,
): Promise<number | undefined> {
  if (!(await holds(top))) return undefined;
  const lowest = Math.max(0, top - reach);
  let [yes, no] = [top, Math.max(lowest, top - 1)];
  for (let distance = 2; yes > no && (await holds(no)); distance *= 2)
    [yes, no] = [no, Math.max(lowest, top - distance)];
  while (yes - no > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (await holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
