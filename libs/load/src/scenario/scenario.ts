import { z } from "zod";
import { spanSchema } from "./span.js";

const share = z.number().min(0).max(1);
const rate = z.number().min(0).max(1_000);
const name = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/, "give a name of lower-case letters, digits and hyphens");
const nodeName = z
  .string()
  .max(64)
  .regex(/^[a-z0-9-]+$/, "give the name of a process, such as validator-2");

const phase = z.union([
  z.strictObject({
    for: spanSchema,
    rate,
    arrivals: z
      .enum(["poisson", "uniform"])
      .default("uniform")
      .meta({ description: "uniform: at even distances. poisson: independent of each other" }),
  }),
  z.strictObject({
    for: spanSchema,
    ramp: z.tuple([rate, rate]).meta({ description: "Payments a second at the begin and at the end" }),
    arrivals: z.enum(["poisson", "uniform"]).default("uniform"),
  }),
]);
/** A stretch of load: a steady rate, or one that rises or falls evenly. */
export type ScenarioPhase = z.infer<typeof phase>;

const at = spanSchema.meta({ description: "After the first payment is due" });
const fault = z.discriminatedUnion("do", [
  z.strictObject({ at, do: z.literal("stop"), node: nodeName, for: spanSchema }),
  z.strictObject({ at, do: z.literal("kill"), node: nodeName, for: spanSchema }),
  z.strictObject({ at, do: z.literal("pause"), node: nodeName, for: spanSchema }),
  z.strictObject({ at, do: z.literal("prover-stop"), for: spanSchema }),
  z.strictObject({ at, do: z.literal("agent-kill"), for: spanSchema }),
  z.strictObject({ at, do: z.literal("l1-pause"), for: spanSchema }),
  z.strictObject({ at, do: z.literal("l1-reorg"), depth: z.int().min(1).max(64) }),
]);
/** A fault, when it begins, and how long it lasts. */
export type ScenarioFault = z.infer<typeof fault>;

const limit = z.union([z.number(), spanSchema]);
const expectation = z
  .strictObject({
    metric: z
      .string()
      .max(64)
      .regex(/^[a-z]+(\.[a-z0-9-]+){1,3}$/, "give a metric such as outcome.lost or latency.pending.p99"),
    atMost: limit.optional(),
    atLeast: limit.optional(),
  })
  .refine(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined, "give atMost or atLeast");
/** A figure with its bound. */
export type ScenarioExpectation = z.infer<typeof expectation>;

const mix = z
  .strictObject({
    private: share.default(0),
    public: share.default(0),
    shield: share.default(0),
    unshield: share.default(0),
    withdraw: share.default(0),
  })
  .refine(shares => Math.abs(Object.values(shares).reduce((sum, one) => sum + one, 0) - 1) < 1e-9, {
    message: "the shares must add up to 1",
  });

/** A load test: what it pays, when, what breaks meanwhile, and what must hold. */
export const scenarioSchema = z.strictObject({
  version: z.literal(1),
  name,
  about: z.string().max(1_000).optional().meta({ description: "What it is for" }),
  network: z
    .strictObject({
      preset: z.enum(["local", "sprtn", "phase1", "phase2"]),
      sequencers: z.int().min(1).max(128),
      provers: z.int().min(0).max(8).default(1),
      agents: z.int().min(0).max(64).default(0),
      cluster: z.enum(["local", "dense"]).default("local"),
      slotDuration: z.int().min(1).max(600).optional().meta({ description: "s; the preset's if absent" }),
      epochDuration: z.int().min(2).max(1_024).optional(),
      committeeSize: z.int().min(1).max(128).optional(),
      fees: z.enum(["on", "off"]).default("on"),
    })
    .optional()
    .meta({ description: "Started before and taken down after; without it, the network of --dir or --nodes" }),
  seed: z.int().min(0).default(1).meta({ description: "Draws moments, kinds and amounts: the same each time" }),
  wallets: z.int().min(2).max(1_000).default(10).meta({ description: "Accounts that pay one another" }),
  mix,
  proofs: z
    .enum(["ahead", "inline", "simulated"])
    .default("ahead")
    .meta({
      description: "ahead: made before they are due. inline: when due. simulated: ahead, refused where proofs are real",
    }),
  warmup: spanSchema.default("0s").meta({ description: "Load at the first phase's rate that is in no figure" }),
  phases: z.array(phase).min(1).max(100),
  faults: z.array(fault).max(1_000).default([]),
  drain: z
    .strictObject({ until: z.enum(["pending", "proven", "finalized"]).default("pending"), atMost: spanSchema })
    .default({ until: "pending", atMost: "10m" }),
  expect: z.array(expectation).max(100).default([]),
});
/** A load test with every default filled in. */
export type Scenario = z.infer<typeof scenarioSchema>;
