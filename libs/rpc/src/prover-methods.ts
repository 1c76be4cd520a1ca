import type { EpochProofSource, JobSource } from "@sprtn/ports";
import { circuitNames } from "@sprtn/protocol";
import * as z from "zod/mini";
import type { MethodGroup } from "./method-group.js";
import { address, blockNumber, bytes, epoch, field, whole } from "@sprtn/protocol/json";

const circuit = z.enum(circuitNames);
const id = { name: "id", description: "Content hash of the job", schema: z.string().check(z.maxLength(66)) };
const lease = {
  name: "lease",
  description: "Lease that the broker gave with the job",
  schema: z.string().check(z.maxLength(64)),
};
const count = whole(Number.MAX_SAFE_INTEGER);
/** JSON-RPC wants a result even of what returns nothing. */
const nothing = z.codec(
  z.null(),
  z.custom<void>(value => value === undefined),
  { decode: () => undefined, encode: () => null },
);

const epochProgress = z.object({
  epoch,
  firstBlock: count,
  lastBlock: count,
  jobsDone: count,
  jobsTotal: count,
  secondsLeft: z.nullable(count),
  state: z.enum(["collecting", "proving", "proven", "failed"]),
  failure: z.nullable(z.string()),
  troubles: z.array(z.object({ job: z.string(), circuit, code: z.string(), reason: z.string() })),
});

/** `prover_…`: the prover client of proof coordinators (PROV-5). */
export const proverMethods: MethodGroup<EpochProofSource> = {
  prefix: "prover_",
  methods: {
    getEpochProof: {
      summary:
        "Proof of a finished epoch's blocks, from `firstBlock` to the epoch's last, for its coordinator; null " +
        "while it is being made",
      params: [
        { name: "epoch", description: "The epoch", schema: epoch },
        { name: "prover", description: "Who will send the proof", schema: address },
      ],
      result: z.nullable(
        z.object({ firstBlock: blockNumber, header: bytes(1024), archive: field, proof: bytes(65_536) }),
      ),
    },
    getEpochs: {
      summary: "The epochs that are being proven, their progress, and what keeps them from being proven",
      params: [],
      result: z.array(epochProgress),
    },
  },
};

const proof = z.object({ circuit, publicInputs: z.array(field).check(z.maxLength(64)), bytes: bytes(65_536) });

/** `broker_…`: how agents on other machines take jobs and hand proofs in (PROV-5). */
export const brokerMethods: MethodGroup<JobSource> = {
  prefix: "broker_",
  methods: {
    take: {
      summary: "The next job for an agent; null if there is none",
      params: [
        { name: "agent", description: "Name of the agent", schema: z.string().check(z.maxLength(100)) },
        { name: "circuits", description: "What it can prove", schema: z.array(circuit).check(z.maxLength(16)) },
      ],
      result: z.nullable(
        z.object({
          id: id.schema,
          circuit,
          epoch: count,
          height: count,
          inputs: bytes(4 * 1024 * 1024),
          lease: lease.schema,
          heartbeatMs: whole(Number.MAX_SAFE_INTEGER, 1),
        }),
      ),
    },
    heartbeat: { summary: "Renews a lease; false if it is lost", params: [id, lease], result: z.boolean() },
    complete: {
      summary: "Submits a proof",
      params: [id, lease, { name: "proof", description: "The proof", schema: proof }],
      result: nothing,
    },
    release: { summary: "Returns a job without a result, when its agent stops", params: [id, lease], result: nothing },
    fail: {
      summary: "Reports why a job could not be proven",
      params: [
        id,
        lease,
        {
          name: "error",
          description: "Why, and whether another agent should try",
          schema: z.object({
            code: z.string().check(z.maxLength(100)),
            reason: z.string().check(z.maxLength(1000)),
            retry: z.boolean(),
          }),
        },
      ],
      result: nothing,
    },
  },
};
