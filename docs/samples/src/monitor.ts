// Watches a running node: a line for each block, a warning when the chain or its proofs stand still, and what L1
// credits to whom for the blocks that were seen.
// node dist/monitor.js [--url http://127.0.0.1:8080] [--blocks 10]
import { parseArgs } from "node:util";
import { systemClock } from "@sprtn/observability/system";
import { BlockNumber, codeOf, EthAddress, messageOf } from "@sprtn/primitives";
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
/** Who proved a block is known on L1 only: here all provers are one. */
const PROVERS = EthAddress(`0x${"00".repeat(20)}`);

const node = createNodeClient(values.url);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const { network, parameters, proofMode } = await node.getNodeInfo();
const pollMs = (1000 * parameters.slotDuration) / 2;
const ledger = new RewardLedger(parameters);
const coinbases = new Set<EthAddress>();
console.log(`${network}: slots of ${parameters.slotDuration} s, ${proofMode} proofs`);

let seen = (await node.getChainTips()).pending.number;
let proven = seen;
let last: L2Block | undefined;
for (let blocks = 0; blocks < until && !stop.signal.aborted;) {
  try {
    const tips = await node.getChainTips();
    if (tips.pending.number < seen) {
      console.log(`blocks above ${tips.pending.number} are gone`);
      ledger.pruned();
      seen = tips.pending.number;
    }
    for (const block of tips.pending.number > seen ? await node.getBlocks(BlockNumber(seen + 1), 100) : []) {
      const { number, slot, coinbase } = block.header;
      ledger.blockAccepted({ number, coinbase });
      coinbases.add(coinbase);
      console.log(`block ${number} in slot ${slot}: ${block.effects.length} txs, proven up to ${tips.proven.number}`);
      [seen, last] = [number, block];
      blocks++;
    }
    if (tips.proven.number > proven) {
      ledger.blocksProven(tips.proven.number, PROVERS);
      proven = tips.proven.number;
    }
    const slot = await node.getCurrentSlot();
    if (last !== undefined && slot - last.header.slot > QUIET_SLOTS)
      console.log(`WARNING: no block since slot ${last.header.slot}, it is slot ${slot}`);
  } catch (error) {
    console.log(`WARNING: the node does not answer (${codeOf(error)}: ${messageOf(error)})`);
  }
  await sleep(systemClock, pollMs, stop.signal).catch(() => {});
}
for (const coinbase of coinbases) console.log(`${coinbase} is credited ${ledger.creditOf(coinbase)} wei`);
console.log(`provers are credited ${ledger.creditOf(PROVERS)} wei`);
