import type { Clock, NodeApi } from "@sprtn/ports";

/** What each payment asks of a node, and what is the same for all payments of a moment. */
type Terms = Pick<NodeApi, "getChainTips" | "getBaseFees" | "getCurrentSlot">;

/**
 * `node`, asked for tips, fees and slot once in `keptMs` at most: at a hundred payments a second, nine of ten requests
 * would bring what is known.
 */
export function cachedTerms<N extends Terms>(node: N, clock: Pick<Clock, "steadyMs">, keptMs: number): N {
  const cached = <T>(ask: () => Promise<T>) => {
    let last: { readonly answer: Promise<T>; readonly atMs: number } | undefined;
    return () => {
      const nowMs = clock.steadyMs();
      if (last !== undefined && nowMs - last.atMs < keptMs) return last.answer;
      const answer = ask();
      const asked = { answer, atMs: nowMs };
      last = asked;
      answer.catch(() => {
        // A failure is no answer: the next one asks again.
        if (last === asked) last = undefined;
      });
      return answer;
    };
  };
  const terms: Terms = {
    getChainTips: cached(() => node.getChainTips()),
    getBaseFees: cached(() => node.getBaseFees()),
    getCurrentSlot: cached(() => node.getCurrentSlot()),
  };
  return new Proxy(node, {
    get: (target, name) => {
      const value: unknown = name in terms ? terms[name as keyof Terms] : Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
