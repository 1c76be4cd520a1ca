import type { ChainTips } from "@sprtn/protocol";

/** What each node told of its chain, by name. */
export type Tips = ReadonlyMap<string, ChainTips>;

const chains = ["pending", "proven", "finalized"] as const;
/** One block may have reached some nodes and not yet others; that L1 takes a proof, all hear within a look at it. */
const inFlight = { pending: 1, proven: 0, finalized: 0 } as const;

/** Whether all tell the same, so that there is nothing to find out by a second look. */
export function areEqual(tips: Tips): boolean {
  const [first, ...others] = tips.values();
  return first === undefined || others.every(each => chains.every(chain => each[chain].hash === first[chain].hash));
}

/**
 * Which nodes do not follow the others, from two looks at all of them, between which each could look at L1: a node that
 * still has not what another had at the first look, or that has another block at the same height.
 */
export function judgeTips(first: Tips, second: Tips): readonly string[] {
  return chains.flatMap(chain => [...behind(chain, { first, second }), ...forked(chain, second)]);
}

function behind(
  chain: (typeof chains)[number],
  { first, second }: { readonly first: Tips; readonly second: Tips },
): string[] {
  // What was pruned or reorganised away in the meantime is nobody's duty to have.
  const kept = [...first].filter(([name, tips]) => (second.get(name)?.[chain].number ?? -1) >= tips[chain].number);
  const [leader, expected] = kept
    .map(([name, tips]) => [name, tips[chain].number as number] as const)
    .reduce((best, each) => (each[1] > best[1] ? each : best), ["", 0] as const);
  return [...second]
    .filter(([, tips]) => tips[chain].number < expected - inFlight[chain])
    .map(
      ([name, tips]) =>
        `${name} is behind: its ${chain} tip is block ${tips[chain].number}, and ${leader} had block ${expected} ` +
        "before",
    );
}

function forked(chain: (typeof chains)[number], tips: Tips): string[] {
  const seen = new Map<number, readonly [string, unknown]>();
  return [...tips].flatMap(([name, { [chain]: tip }]) => {
    const other = seen.get(tip.number);
    if (other === undefined) seen.set(tip.number, [name, tip.hash]);
    return other === undefined || other[1] === tip.hash
      ? []
      : [`${name} and ${other[0]} have different ${chain} blocks ${tip.number}`];
  });
}
