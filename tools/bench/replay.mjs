// A new node reads a chain from L1's events: blocks of one public transfer each, into databases on disk. What L1 has
// finalized is applied in bulk, the rest one by one. L1 itself is a fake: its JSON-RPC is not measured.
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Archiver } from "@sprtn/archiver";
import { createFieldHasher, CachingHasher } from "@sprtn/field-hasher";
import { systemClock } from "@sprtn/observability/system";
import { ZERO_ADDRESS } from "@sprtn/primitives";
import { hashHeader } from "@sprtn/protocol";
import { FakeL1, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { openStore } from "@sprtn/storage";
import { WorldState } from "@sprtn/world-state";
import { cpuMs } from "./lib/measure.mjs";
import { paymentsChain } from "./lib/payments-chain.mjs";

export const title = "replay from L1 events (one public transfer a block, databases on disk)";
const EPOCH_BLOCKS = 32;

export async function* run({ small }) {
  const blocks = small ? 300 : 2000;
  // The chain's builder has a hasher of its own: the node that replays it remembers nothing of it.
  const builder = await newHasher();
  const chain = paymentsChain(builder, blocks);
  builder.close();
  yield figure("in bulk, all of it finalized on L1", await replay(chain, inBulk), 200);
  yield figure("one by one, as L1 goes on and finalizes an epoch later", await replay(chain, oneByOne));
}

const newHasher = async () =>
  new CachingHasher(await createFieldHasher({ logger: new MemoryLogger() }, { kind: "simd" }), { rows: 2 ** 17 });

function figure(how, { blocks, wallMs, ms }, target) {
  const note = `${blocks} blocks, ${(ms / blocks).toFixed(2)} ms of CPU each; load average ${loadavg()[0].toFixed(1)}`;
  return {
    name: `replay ${how}`,
    value: (1000 * blocks) / wallMs,
    unit: "blocks/s",
    ...(target === undefined ? {} : { target }),
    note,
  };
}

async function replay({ deployment, events, tip }, follow) {
  const directory = mkdtempSync(join(tmpdir(), "bench-replay-"));
  const stores = [];
  const open = async name => {
    const store = await openStore({ dataDirectory: directory, cacheMb: 64 }, name);
    stores.push(store);
    return store;
  };
  const hasher = await newHasher();
  try {
    const l1 = new FakeL1({ genesisTime: deployment.parameters.genesisTime });
    const { header, archive } = deployment.genesis;
    const logger = new MemoryLogger();
    const state = await WorldState.open(
      { store: await open("state"), hasher, logger },
      { genesis: { header, headerHash: hashHeader(header), archive, effects: [] }, prefix: Uint8Array.of(1) },
    );
    const archiver = new Archiver(
      { l1, store: await open("archive"), state, clock: systemClock, logger, meter: new RecordingMeter(), deployment },
      { pollingIntervalMs: 3_600_000, l1RangeBlocks: 200 },
    );
    const node = { archiver, l1, start: () => archiver.start(new AbortController().signal) };
    const { began, cpu } = await follow(node, events);
    const wallMs = performance.now() - began;
    const ms = cpuMs().own - cpu;
    await archiver.stop();
    if (archiver.tips().pending.number !== tip.header.number || state.tip().archive !== tip.archive)
      throw new Error(
        `the node is at block ${archiver.tips().pending.number} of ${tip.header.number}: ` +
          JSON.stringify(logger.lines("warn")),
      );
    return { blocks: tip.header.number, wallMs, ms };
  } finally {
    for (const store of stores) await store.close();
    hasher.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const now = () => ({ began: performance.now(), cpu: cpuMs().own });

function mineEpoch(l1, events) {
  for (const block of events) l1.mine(...block);
  const [first, last] = [events[0].at(-1), events.at(-1).at(-1)];
  l1.mine({
    type: "block-proven",
    number: last.number,
    prover: ZERO_ADDRESS,
    firstBlock: first.number,
    archive: last.archive,
  });
}

function* epochs(events) {
  for (let from = 0; from < events.length; from += EPOCH_BLOCKS) yield events.slice(from, from + EPOCH_BLOCKS);
}

async function inBulk({ archiver, l1, start }, events) {
  for (const epoch of epochs(events)) mineEpoch(l1, epoch);
  l1.finalize();
  const since = now();
  await start();
  await archiver.poll();
  return since;
}

async function oneByOne({ archiver, l1, start }, events) {
  const since = now();
  await start();
  for (const epoch of epochs(events)) {
    const before = l1.headNumber;
    mineEpoch(l1, epoch);
    await archiver.poll();
    l1.finalize(before);
  }
  await archiver.poll();
  return since;
}
