import type { CircuitName } from "@sprtn/ports";
import type { Redis } from "ioredis";
import type { CircuitQueue } from "./circuit-queue.js";

export interface WaitingQueue {
  readonly circuit: CircuitName;
  readonly waiting: CircuitQueue["waiting"];
}

/** Those of `queues` that have a job, in one query; first those that were recovered and have no priority again yet. */
export async function mostUrgentFirst(redis: Redis, queues: readonly WaitingQueue[]): Promise<readonly CircuitName[]> {
  const asked = redis.pipeline();
  for (const { waiting } of queues) asked.llen(waiting.recovered).zrange(waiting.prioritized, 0, 0, "WITHSCORES");
  const answers = (await asked.exec()) ?? [];
  const heads = queues.map(({ circuit }, i) => {
    const [recovered, head] = [answers[2 * i]?.[1], answers[2 * i + 1]?.[1]];
    return {
      circuit,
      score: Number(recovered) > 0 ? 0 : Array.isArray(head) && head.length === 2 ? Number(head[1]) : undefined,
    };
  });
  return heads
    .filter(head => head.score !== undefined)
    .toSorted((a, b) => (a.score as number) - (b.score as number))
    .map(head => head.circuit);
}
