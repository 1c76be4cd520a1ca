import {
  type FeedChange,
  type FeedState,
  initialState,
  type NetworkRules,
  type NodeIdentity,
  reduce,
} from "@sprtn/feed";

/** A slot of the simulated network that is under way when it is looked at. */
export const NOW_SLOT = 4_812;
const SLOT_SECONDS = 24;
const EPOCH_SLOTS = 32;
const GENESIS = 1_800_000_000;
/** 9.4 s into that slot, ms since 1970. */
export const NOW_MS = (GENESIS + NOW_SLOT * SLOT_SECONDS) * 1000 + 9_400;

export const rules: NetworkRules = {
  genesisTime: GENESIS,
  slotDuration: SLOT_SECONDS,
  epochDuration: EPOCH_SLOTS,
  fees: "on",
  proofWindow: 768,
  challengeWindow: 768,
  timetable: { sync: 6_000, build: 6_000, propose: 8_000, collect: 12_000, publish: 12_000 },
};

/** What a simulated network is like. */
export interface Shape {
  readonly validators?: number;
  /** Members, as index, that do nothing. */
  readonly down?: readonly number[];
  /** From which slot on; always if it is left out. */
  readonly downFrom?: number;
  readonly node?: Partial<NodeIdentity>;
  readonly slots?: number;
  /** How much of the slots has a block, 0 to 1. */
  readonly busy?: number;
  readonly prover?: boolean;
  /** Number before that of the first block. */
  readonly firstBlock?: number;
}

/** The address of validator `i`. */
export function addressOf(i: number): string {
  const digits = Math.imul(i + 1, 0x9e3779b1) >>> 0;
  return `0x${digits.toString(16).padStart(8, "0")}${"5e".repeat(14)}${(i + 1).toString(16).padStart(4, "0")}`;
}

/** The hash of block `number` of a chain. */
export function hashOf(number: number, chain = 0): string {
  return `0x${(Math.imul(number + chain * 7_919, 0x85ebca6b) >>> 0).toString(16).padStart(8, "0").repeat(8)}`;
}

/** Numbers from 0 to 1 that are the same each time. */
export function sequence(seed: number): () => number {
  let at = seed;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

/** A network that ran for a while, told by events. */
export class Network {
  state: FeedState;
  readonly #members: readonly string[];
  readonly #shape: Shape;
  readonly #random = sequence(7);
  readonly #quorum: number;
  block: number;

  constructor(shape: Shape = {}) {
    this.#shape = shape;
    this.block = shape.firstBlock ?? 4_700;
    this.#members = Array.from({ length: shape.validators ?? 16 }, (_, i) => addressOf(i));
    this.#quorum = this.#members.length === 0 ? 0 : Math.floor((2 * this.#members.length) / 3) + 1;
    const node: NodeIdentity = {
      name: "validator-3",
      version: "0.1.0",
      network: "sprtn",
      chainId: "31337",
      rollup: `0x${"ab".repeat(20)}`,
      roles: ["validator", "sequencer", "prover"],
      own: this.#members[3] ?? null,
      proofMode: "real",
      crs: "dev",
      density: 1,
      ...shape.node,
    };
    this.state = initialState(node, rules, NOW_MS);
  }

  tell(change: FeedChange): this {
    this.state = reduce(this.state, { v: 1, seq: this.state.seq + 1, atMs: NOW_MS, ...change });
    return this;
  }

  /** Runs up to the middle of {@link NOW_SLOT}. */
  run(): this {
    const { slots = 96, busy = 0.86, prover = true } = this.#shape;
    for (let slot = NOW_SLOT - slots + 1; slot <= NOW_SLOT; slot++) this.#slot(slot, busy);
    const numbers = (before: number) =>
      this.state.slots.flatMap(row => (row.slot < before ? row.blocks.map(({ number }) => number) : []));
    const epoch = Math.floor(NOW_SLOT / EPOCH_SLOTS);
    const proven = Math.max(0, ...numbers((epoch - 1) * EPOCH_SLOTS));
    const finalized = Math.max(0, ...numbers((epoch - 2) * EPOCH_SLOTS));
    this.tell({ t: "tips", tips: this.tips({ pending: this.block, proven, finalized }) });
    if (prover)
      this.tell({
        t: "proofs",
        proofs: {
          epochs: [{ epoch: epoch - 1, state: "proving", done: 212, total: 405, secondsLeft: 354, failure: null }],
          jobs: { queued: 171, leased: 22, done: 212, failed: 0 },
        },
      });
    return this.tell({ t: "pool", pool: { count: 41, bytes: 612_000 } })
      .tell({ t: "peers", peers: { inbound: 5, outbound: 9 } })
      .tell({ t: "machine", machine: { uptime: 187_340, rssBytes: 312e6, cores: 0.41, loopLagMs: 4.2 } })
      .tell({ t: "fees", fees: { perL2Gas: "1240000000", perDaGas: "88000" } })
      .tell({ t: "health", health: { ready: true, code: null, reason: null, sinceMs: NOW_MS - 187_000_000 } });
  }

  /** Tips whose L1 is current. */
  tips(numbers: { readonly pending: number; readonly proven: number; readonly finalized: number }) {
    return { ...numbers, l1: { number: 1_204_331, timestamp: Math.floor(NOW_MS / 1000) - 7 }, synced: true };
  }

  #slot(slot: number, busy: number): void {
    const members = this.#members;
    const epoch = Math.floor(slot / EPOCH_SLOTS);
    const isFirst = this.state.epochs.every(one => one.epoch !== epoch);
    const proposer = members.length === 0 ? null : (members[slot % members.length] as string);
    this.tell({ t: "slot", slot });
    if (isFirst) this.tell({ t: "epoch", epoch: { epoch, committee: members, quorum: this.#quorum } });
    const random = this.#random;
    const [used, speed, load] = [random(), random(), random()];
    const isDown = (i: number) => this.#shape.down?.includes(i) === true && slot >= (this.#shape.downFrom ?? 0);
    if ((members.length > 0 && isDown(slot % members.length)) || used > (slot === NOW_SLOT ? Math.ceil(busy) : busy))
      return;
    const proposed = Math.round(900 + 3_200 * speed * speed);
    const txs = Math.round(1 + 180 * load * load);
    const now = slot === NOW_SLOT;
    this.tell({ t: "proposal", slot, block: this.block + 1, txs, afterMs: now ? 2_400 : proposed });
    const heard: [number, number][] = [];
    members.forEach((_, i) => {
      const at = (now ? 2_400 : proposed) + Math.round(500 + 2_600 * random() ** 2);
      const absent = isDown(i) || (!now && random() > 0.985);
      // Later than the moment at which the network is looked at.
      const tooLate = now && random() > 0.8;
      if (!absent && !tooLate) heard.push([i, at]);
    });
    this.tell({ t: "attestation", slot, from: heard });
    if (now || heard.length < this.#quorum) return;
    const late = slot % 19 === 0 ? 9_500 : 0;
    const afterMs = Math.round(proposed + 3_300 + 4_500 * random()) + late;
    this.block++;
    this.tell({
      t: "blocks",
      added: [{ number: this.block, slot, hash: hashOf(this.block), txs, afterMs }],
      removed: [],
    });
    if (proposer !== this.state.node.own) return;
    this.tell({ t: "step", slot, step: "sync", fromMs: 0, toMs: 90 })
      .tell({ t: "step", slot, step: "build", fromMs: 90, toMs: proposed - 80 })
      .tell({ t: "step", slot, step: "propose", fromMs: proposed - 80, toMs: proposed })
      .tell({ t: "step", slot, step: "collect", fromMs: proposed, toMs: proposed + 2_300 })
      .tell({ t: "step", slot, step: "publish", fromMs: proposed + 2_300, toMs: afterMs })
      .tell({ t: "own", slot, outcome: "published", code: null, reason: null });
  }
}
