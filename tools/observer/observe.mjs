// An auditor that shares no code with the rest: node tools/observer/observe.mjs --deployment FILE [--l1 URL]
// [--seconds 1800] [--every 60]. It reads L1 with plain ethers, recomputes slots, randao, sets, committees, quorums,
// headers, accumulators, effects, messages, fees and rewards, and prints what does not hold. Exit code 1 if anything.
// --record FILE keeps what it read, for its own tests.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Contract, JsonRpcProvider, toBeHex } from "ethers";
import { abi } from "./abi.mjs";
import { Observer } from "./observer.mjs";
import { readEvents, readParameters } from "./read-l1.mjs";
import { writeRecord } from "./record.mjs";

const { values } = parseArgs({
  options: {
    deployment: { type: "string" },
    l1: { type: "string", default: "http://127.0.0.1:8545" },
    seconds: { type: "string", default: "0" },
    every: { type: "string", default: "60" },
    record: { type: "string" },
  },
});
if (values.deployment === undefined) {
  console.error("usage: node tools/observer/observe.mjs --deployment FILE [--l1 URL] [--seconds N] [--every N]");
  process.exit(2);
}

const { contracts, genesis, l1StartBlock } = JSON.parse(readFileSync(values.deployment, "utf8"));
const provider = new JsonRpcProvider(values.l1, undefined, { batchMaxCount: 1, cacheTimeout: -1, staticNetwork: true });
const parameters = await readParameters(provider, contracts.rollup);

/** One look at the whole history, as the canonical L1 has it now. */
async function look() {
  const head = await provider.getBlockNumber();
  const events = await readEvents(provider, parameters, { from: l1StartBlock, head });
  const observer = new Observer(parameters, genesis);
  for (const event of events) observer.take(event);
  const rollup = new Contract(parameters.rollup, abi, provider);
  const token = new Contract(parameters.token, abi, provider);
  const at = { blockTag: toBeHex(head) };
  const credits = new Map();
  for (const account of observer.money.accounts()) credits.set(account, await rollup.creditOf(account, at));
  const portal = new Contract(parameters.feePortal, abi, provider);
  const end = {
    tips: await rollup.getTips(at),
    portalBalance: await token.balanceOf(parameters.feePortal, at),
    locked: await portal.locked(at),
    credits,
  };
  observer.finish(end);
  if (values.record !== undefined) writeRecord(values.record, { parameters, genesis, events, end });
  return { head, observer };
}

const until = Date.now() + Number(values.seconds) * 1000;
let found = 0;
for (;;) {
  try {
    const { head, observer } = await look();
    const { blocks, proofs, prunes, messages, withdrawals, signatures, effects } = observer.counts;
    console.log(
      `L1 block ${head}: ${blocks} blocks, ${signatures} signatures, ${effects} effects, ${messages} messages, ` +
        `${proofs} proofs, ${prunes} prunes, ${withdrawals} withdrawals; ${observer.problems.length} problems`,
    );
    for (const problem of observer.problems) console.log(`  ${problem}`);
    found = observer.problems.length;
  } catch (error) {
    // A reorg under the reader, or an L1 that is away: the next look says more.
    console.log(`this look failed: ${error.shortMessage ?? error.message}`);
    if (Date.now() >= until) found = 1;
  }
  if (Date.now() >= until) break;
  await pause(Math.min(Number(values.every) * 1000, Math.max(0, until - Date.now())));
}
provider.destroy();
process.exitCode = found === 0 ? 0 : 1;
