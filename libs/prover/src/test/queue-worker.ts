// A process of the tests' that can be killed: a prover node with its own agent, or an agent alone. Arguments:
// URL, network, how many jobs (0: an agent alone), whether its proofs ever end.
import { writeSync } from "node:fs";
import { RecordingMeter } from "@sprtn/testing";
import { ProverAgent } from "../index.js";
import { openRedisQueue } from "./open-redis-queue.js";
import { job, rightProof, StubBackend } from "./stub-backend.js";
import { systemClock } from "./system-parts.js";

const [url = "", network = "", jobs = "0", proofs = "end"] = process.argv.slice(2);
const forever = new AbortController().signal;
/** Written before it continues: a line that is lost with the process would not count. */
const say = (line: string) => writeSync(1, `${line}\n`);

const { queue, logger } = await openRedisQueue({ url, network, leaseMs: 4500, stalledMs: 20 });
const backend = new StubBackend();
backend.prove = async (circuit, inputs) => {
  say(`proving ${new TextDecoder().decode(inputs)}`);
  if (proofs === "never-end") await new Promise<never>(() => {});
  return rightProof(circuit);
};
const asked = Array.from({ length: Number(jobs) }, (_, i) => job(`job ${i}`));
const outcomes = asked.map(async one => {
  await queue.enqueue(one);
  const { status } = await queue.outcome(one.id, forever);
  say(`${status} ${one.id}`);
});
const reporting = {
  take: queue.take.bind(queue),
  heartbeat: async (id: string, lease: string) => {
    const held = await queue.heartbeat(id, lease);
    say(`${held ? "held" : "lost"} ${id}`);
    return held;
  },
  complete: queue.complete.bind(queue),
  fail: queue.fail.bind(queue),
  release: queue.release.bind(queue),
};
const agent = new ProverAgent(
  { jobs: reporting, backend, clock: systemClock, logger, meter: new RecordingMeter() },
  { name: "worker", concurrency: 2, pollMs: 10, circuits: ["tx-base"] },
);
await agent.start(forever);
await Promise.all(outcomes);
if (asked.length > 0) process.exit(0);
