import { z } from "zod";
import { scenarioSchema } from "../scenario/scenario.js";

const text = z.string().max(2_000);
const name = z.string().max(200);
const count = z.int().min(0);
/** ms since the run began. */
const at = z.number();
/** Wide enough for every moment of a run of a week. */
const many = 100_000;

/**
 * What is measured of a payment, each from the moment for which it was intended. `sent`: it left; `accepted`: a node
 * took it; `proposed`: the first proposal of its block was heard of; `attested`: its block had its quorum; `pending`,
 * `proven`, `finalized`: a node told that its block is part of that chain.
 */
export const measuredStages = ["sent", "accepted", "proposed", "attested", "pending", "proven", "finalized"] as const;
/** One of {@link measuredStages}. */
export type MeasuredStage = (typeof measuredStages)[number];

/** The kinds of payment that a load test makes. */
export const loadKinds = ["private", "transfer", "shield", "unshield", "withdraw"] as const;
/** One of {@link loadKinds}. */
export type LoadKind = (typeof loadKinds)[number];

/**
 * A histogram with three digits, 1 ms to 24 h, as base64 of its compressed form (hdr-histogram-js, V2), with the
 * figures that people ask for, in ms.
 */
const latency = z.strictObject({
  count,
  meanMs: z.number(),
  p50Ms: z.number(),
  p90Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  packed: z.string().max(200_000),
});

const outcomes = z.strictObject({
  /** Payments that came due in the offered window. */
  due: count,
  /** Those that never left: no note or balance was free, or they could not be made. */
  unsent: count,
  /** Those that a node refused. */
  refused: count,
  /** Those that a node took and dropped. */
  dropped: count,
  /** Those of which nothing was heard until the run ended. */
  lost: count,
  /** Those that reached the stage that the run waits for, reverted ones too. */
  reached: count,
  /** Of `reached`. */
  reverted: count,
});
/** What became of the payments: due = unsent + refused + dropped + lost + reached. */
export type LoadOutcomes = z.infer<typeof outcomes>;

/** Ten seconds of a run. */
const interval = z.strictObject({
  fromMs: at,
  /** The rate that the scenario asks for at its begin, payments a second. */
  asked: z.number(),
  due: count,
  sent: count,
  /** Payments whose block became part of the chain in it. */
  pending: count,
  proven: count,
  /** By stage, of payments that reached it in this interval: packed histograms. */
  latency: z.partialRecord(z.enum(measuredStages), z.string().max(200_000)),
});
/** Ten seconds of a run. */
export type LoadInterval = z.infer<typeof interval>;

const slot = z.strictObject({
  slot: count,
  startMs: at,
  proposer: name.nullable(),
  /** `unknown`: no node told anything about it. */
  outcome: z.enum(["block", "empty", "removed", "unknown"]),
  /** Why it is empty, as its proposer says: code and text. */
  reason: z.strictObject({ code: name, text }).nullable(),
  block: count.nullable(),
  txs: count.nullable(),
  /** ms after the slot's start. */
  proposalMs: z.number().nullable(),
  quorumMs: z.number().nullable(),
  l1Ms: z.number().nullable(),
  attested: count,
  committee: count,
});
/** What was seen of a slot. */
export type LoadSlot = z.infer<typeof slot>;

const nodeSample = z.strictObject({ atMs: at, rssBytes: count, cores: z.number(), loopLagMs: z.number(), pool: count });

/** All that a load test finds, as its `report.json`. Times of a run are ms since its first payment was due. */
export const loadReportSchema = z.strictObject({
  format: z.literal("sprtn-load-report"),
  version: z.literal(1),
  scenario: scenarioSchema,
  /** ISO 8601. */
  startedAt: name,
  /** Of the program that measured. */
  program: z.strictObject({ version: name, commit: name.nullable() }),
  machine: z.strictObject({ cpu: name, cores: count, memoryBytes: count, platform: name, node: name }),
  network: z.strictObject({
    name,
    chainId: name,
    rollup: name,
    validators: count.nullable(),
    committee: count,
    /** s */
    slotDuration: z.number(),
    epochDuration: count,
    fees: z.enum(["on", "off"]),
    proofMode: z.enum(["real", "simulated"]),
    crs: name.nullable(),
    /** Validators of one process; above 1 memory, disk, crashes and syncing are not each validator's own. */
    density: count,
    nodes: z.array(z.strictObject({ name, url: name, density: count, version: name })).max(1_000),
  }),
  /** Payments are due in `offered`; `whole` lasts until the last of them is through or given up. */
  windows: z.strictObject({
    offered: z.strictObject({ fromMs: at, toMs: at }),
    whole: z.strictObject({ fromMs: at, toMs: at }),
    /** Before it: its payments are in no figure. */
    warmupMs: z.number(),
  }),
  /** The stage at which a payment is through. */
  until: z.enum(["pending", "proven", "finalized"]),
  outcomes,
  byKind: z.partialRecord(z.enum(loadKinds), outcomes),
  rates: z.strictObject({
    /** Payments a second in the offered window. */
    asked: z.number(),
    achieved: z.number(),
    /** achieved ÷ asked. */
    ratio: z.number(),
    /** In the offered window, and in the whole one. */
    pending: z.strictObject({ offered: z.number(), whole: z.number() }),
    proven: z.strictObject({ offered: z.number(), whole: z.number() }),
  }),
  /** Why payments were not sent, refused, dropped or lost, with some of their hashes. */
  losses: z
    .array(
      z.strictObject({
        what: z.enum(["unsent", "refused", "dropped", "lost"]),
        code: name,
        count,
        hashes: z.array(name).max(10),
      }),
    )
    .max(1_000),
  latency: z.partialRecord(z.enum(measuredStages), z.partialRecord(z.enum([...loadKinds, "all"]), latency)),
  intervals: z.array(interval).max(many),
  slots: z.array(slot).max(many),
  /** Each node's process every 10 s; of a dense process once. */
  nodes: z.array(z.strictObject({ name, samples: z.array(nodeSample).max(many) })).max(1_000),
  faults: z
    .array(
      z.strictObject({
        do: name,
        node: name.nullable(),
        fromMs: at,
        toMs: at,
        /** Null if it was done and healed. */
        trouble: z.strictObject({ code: name, text }).nullable(),
      }),
    )
    .max(1_000),
  funding: z.strictObject({ ms: z.number(), deposits: count, txs: count, notes: count }),
  expectations: z
    .array(
      z.strictObject({
        metric: name,
        atMost: name.nullable(),
        atLeast: name.nullable(),
        value: name,
        met: z.boolean(),
      }),
    )
    .max(100),
  /** `invalid`: the machine was too slow for the figures to mean something. */
  verdict: z.enum(["passed", "failed", "invalid"]),
  /** Why, a line each. */
  reasons: z.array(text).max(100),
  /** What this set-up cannot tell. */
  notMeasurable: z.array(text).max(100),
});
/** All that a load test finds. */
export type LoadReport = z.infer<typeof loadReportSchema>;
