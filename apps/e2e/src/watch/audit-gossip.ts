import type { TestNode } from "../network/test-node.js";
import { assertInvariant } from "./assert-invariant.js";

const messages = /^sprtn_p2p_gossip_messages_total\{([^}]*)\} (\d+)$/gm;

/** Gossip messages that a node received since its start, by verdict and topic: `reject tx`. */
export function gossipVerdicts(metrics: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, labels = "", count] of metrics.matchAll(messages)) {
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1];
    counts.set(`${label("verdict")} ${label("topic")}`, Number(count));
  }
  return counts;
}

/**
 * Among honest nodes nobody rejects what another sent: a rejection costs its sender score, so one is a fault of the
 * sender's or of the judge's. Resolves with how many messages were accepted, which is above 0 where there is gossip.
 * @throws INVARIANT
 */
export async function auditGossip(nodes: readonly Pick<TestNode, "name" | "url">[]): Promise<number> {
  let accepted = 0;
  for (const { name, url } of nodes) {
    const verdicts = gossipVerdicts(await (await fetch(new URL("/metrics", url))).text());
    const rejected = [...verdicts].filter(([key, count]) => key.startsWith("reject ") && count > 0);
    const found = rejected.map(([key, count]) => `${key} ${count}`).join(", ");
    assertInvariant("honest gossip", rejected.length === 0, `${name} rejected messages of honest nodes: ${found}`);
    for (const [key, count] of verdicts) if (key.startsWith("accept ")) accepted += count;
  }
  return accepted;
}
