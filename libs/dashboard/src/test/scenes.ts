import type { BlockRow, FeedState } from "@sprtn/feed";
import { hashOf, Network, NOW_MS, NOW_SLOT } from "./network.js";

/** Removes the blocks of the last slots, and puts others in their place. */
function reorged(): FeedState {
  const network = new Network().run();
  const gone = network.state.slots
    .filter(({ slot }) => slot >= NOW_SLOT - 9 && slot < NOW_SLOT)
    .flatMap(({ blocks }) => blocks);
  const back = gone
    .slice(0, -2)
    .map((block, i): BlockRow => ({
      ...block,
      hash: hashOf(block.number, 1),
      slot: block.slot,
      number: (gone[0]?.number ?? 0) + i,
      afterMs: (block.afterMs ?? 0) + 6_000,
    }));
  network.tell({ t: "blocks", added: [], removed: gone.map(({ hash }) => hash), cause: "reorg" });
  network.tell({ t: "blocks", added: back.slice(2), removed: [] });
  const { proven, finalized } = network.state.tips;
  const pending = Math.max(...back.map(({ number }) => number));
  return network.tell({ t: "tips", tips: network.tips({ pending, proven, finalized }) }).state;
}

function syncing(): FeedState {
  const shape = { busy: 0, firstBlock: 0, prover: false, node: { roles: ["observer"], own: null } };
  const network = new Network(shape).run();
  const l1 = { number: 1_187_002, timestamp: Math.floor(NOW_MS / 1000) - 61_400 };
  return network
    .tell({ t: "tips", tips: { pending: 2_112, proven: 2_098, finalized: 2_060, l1, synced: false } })
    .tell({
      t: "health",
      health: { ready: false, code: "NODE_NOT_SYNCED", reason: "block 2112 of L1's newest", sinceMs: NOW_MS },
    }).state;
}

/** Names and texts as a hostile peer or operator would choose them. */
const HOSTILE = `</script><script>alert(1)</script>\u202e\u0000"'&<img src=x onerror=alert(2)>${"A".repeat(2_000)}`;

function hostile(): FeedState {
  const network = new Network({ node: { name: HOSTILE, network: HOSTILE, version: HOSTILE, chainId: HOSTILE } }).run();
  return network.tell({ t: "health", health: { ready: false, code: HOSTILE, reason: HOSTILE, sinceMs: NOW_MS } }).state;
}

/** Before the first slot. */
function early(): FeedState {
  const state = new Network({ slots: 0, prover: false }).state;
  const genesisTime = Math.floor(NOW_MS / 1000) + 3;
  return {
    ...state,
    rules: { ...state.rules, genesisTime },
    tips: { pending: 0, proven: 0, finalized: 0, l1: { number: 12, timestamp: genesisTime - 4 }, synced: true },
    health: { ready: true, code: null, reason: null, sinceMs: NOW_MS },
  };
}

/** On a network without fees. */
function withoutFees(): FeedState {
  const { state } = new Network().run();
  return { ...state, rules: { ...state.rules, fees: "off" }, fees: { perL2Gas: "1", perDaGas: "1" } };
}

/** States that the page is drawn in, by name. */
export const scenes: Readonly<Record<string, () => FeedState>> = {
  healthy: () => new Network().run().state,
  "validator-down": () => new Network({ down: [5, 9], downFrom: NOW_SLOT - 40 }).run().state,
  reorg: reorged,
  syncing,
  empty: early,
  quiet: () =>
    new Network({ busy: 0, firstBlock: 0, prover: false, node: { proofMode: "simulated", crs: null } }).run().state,
  many: () => new Network({ validators: 128, down: [4, 77, 100], downFrom: NOW_SLOT - 50 }).run().state,
  "no-quorum": () => new Network({ down: [0, 2, 4, 5, 7, 9, 13], downFrom: NOW_SLOT - 6 }).run().state,
  "fees-off": withoutFees,
  hostile,
};
