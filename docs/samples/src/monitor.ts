// Watches a running node: a line for each block, a warning when the chain or its proofs stand still, and what L1
// credits to whom for the blocks that were seen. Waits for a node that is not up, and goes on after its restart.
// node dist/monitor.js [--url http://127.0.0.1:8080] [--blocks 10]
import { parseArgs } from "node:util";
import { systemClock } from "@sprtn/observability/system";
import { BlockNumber, codeOf, counted, EthAddress, messageOf } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { RewardLedger } from "@sprtn/rewards";
import { createNodeClient } from "@sprtn/rpc/client";
import { sleep } from "@sprtn/runtime";

const { values } = parseArgs({
  options: { url: { type: "string", default: "http://127.0.0.1:8080" }, blocks: { type: "string" } },
});
const until = values.blocks === undefined ? Infinity : Number(values.blocks);
/** Slots without a block after which there is a warning. */
const QUIET_SLOTS = 4;
/** How often the node is asked while it does not answer. */
const RETRY_MS = 1_000;
/** Who proved a block is known on L1 only: here all provers are one. */
const PROVERS = EthAddress(`0x${"00".repeat(20)}`);

const node = createNodeClient(values.url);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

/** What has been seen of one deployment. */
interface Watched {
  readonly rollup: EthAddress;
  readonly pollMs: number;
  readonly ledger: RewardLedger;
  readonly coinbases: Set<EthAddress>;
  seen: number;
  proven: number;
  last: L2Block | undefined;
}

/** Begins at the node's tip, or goes on where it was if the node still serves the same deployment. */
async function connect(before: Watched | undefined): Promise<Watched> {
  const { network, parameters, proofMode, contracts } = await node.getNodeInfo();
  if (before?.rollup === contracts.rollup) {
    console.log("the node answers again");
    return before;
  }
  const { pending, proven } = await node.getChainTips();
  console.log(`${network}: slots of ${parameters.slotDuration} s, ${proofMode} proofs`);
  return {
    rollup: contracts.rollup,
    pollMs: (1000 * parameters.slotDuration) / 2,
    ledger: new RewardLedger(parameters),
    coinbases: new Set(),
    seen: pending.number,
    proven: proven.number,
    last: undefined,
  };
}

/** Why the node does not do its work; a node that has just started is behind the chain for a while. */
async function notReady(): Promise<string | undefined> {
  const answer = await fetch(new URL("/ready", values.url), { signal: stop.signal });
  const state = (await answer.json()) as { ready: boolean; code?: string; reason?: string };
  return state.ready ? undefined : `the node is not ready (${state.code}: ${state.reason})`;
}

/** Reads what is new; how many blocks that were. */
async function look(watched: Watched): Promise<number> {
  const { ledger, coinbases } = watched;
  const tips = await node.getChainTips();
  if (tips.pending.number < watched.seen) {
    console.log(`blocks above ${tips.pending.number} are gone`);
    ledger.pruned();
    watched.seen = tips.pending.number;
  }
  const blocks = tips.pending.number > watched.seen ? await node.getBlocks(BlockNumber(watched.seen + 1), 100) : [];
  for (const block of blocks) {
    const { number, slot, coinbase } = block.header;
    ledger.blockAccepted({ number, coinbase });
    coinbases.add(coinbase);
    console.log(
      `block ${number} in slot ${slot}: ${counted(block.effects.length, "tx")}, proven up to ${tips.proven.number}`,
    );
    watched.seen = number;
    watched.last = block;
  }
  if (tips.proven.number > watched.proven) {
    ledger.blocksProven(tips.proven.number, PROVERS);
    watched.proven = tips.proven.number;
  }
  const slot = await node.getCurrentSlot();
  if (watched.last !== undefined && slot - watched.last.header.slot > QUIET_SLOTS)
    console.log(`WARNING: no block since slot ${watched.last.header.slot}, it is slot ${slot}`);
  return blocks.length;
}

let watched: Watched | undefined;
let trouble: string | undefined = "not connected yet";

/** Says once what is wrong, until it changes or is over. */
function warn(text: string): void {
  if (text !== trouble && !stop.signal.aborted) console.log(`WARNING: ${text}`);
  trouble = text;
}

for (let blocks = 0; blocks < until && !stop.signal.aborted;) {
  try {
    const unready = await notReady();
    if (unready !== undefined) warn(unready);
    else {
      if (watched === undefined || trouble !== undefined) watched = await connect(watched);
      trouble = undefined;
      blocks += await look(watched);
    }
  } catch (error) {
    warn(`the node does not answer (${codeOf(error)}: ${messageOf(error)})`);
  }
  const pauseMs = watched === undefined || trouble !== undefined ? RETRY_MS : watched.pollMs;
  await sleep(systemClock, pauseMs, stop.signal).catch(() => {});
}
const { ledger, coinbases = [] } = watched ?? {};
for (const coinbase of coinbases) console.log(`${coinbase} is credited ${ledger?.creditOf(coinbase)} wei`);
console.log(`provers are credited ${ledger?.creditOf(PROVERS) ?? 0} wei`);
