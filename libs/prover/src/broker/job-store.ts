import { concatBytes, equalBytes, uintToBytes } from "@sprtn/primitives";
import type { JobOutcome, KvOperation, KvStore, ProofJob } from "@sprtn/ports";
import {
  decodeCircuitInputs as decodeRecord,
  encodeCircuitInputs as encodeRecord,
} from "@sprtn/state-transition/circuits";

/** A job as it is kept: what is to be done, what went wrong, how it ended. */
export interface JobRecord {
  readonly job: Omit<ProofJob, "inputs">;
  /** Tries that an agent gave up, or ended with a wrong proof. */
  readonly attempts: number;
  /** Agents that have vanished over it, not counting the one that has it. */
  readonly lost: number;
  /** Given out and not given back: if no lease holds it, its agent has vanished, or this node was restarted. */
  readonly leased: boolean;
  readonly trouble: { readonly code: string; readonly reason: string } | null;
  readonly outcome: JobOutcome | null;
}

export function newRecord(added: ProofJob): JobRecord {
  const { inputs: _, ...job } = added;
  return { job, attempts: 0, lost: 0, leased: false, trouble: null, outcome: null };
}

enum Kind {
  RECORD = 0,
  INPUTS = 1,
}

/** Jobs on disk: a record and, apart from it, the inputs, each under the job's id and ordered by epoch. */
export class JobStore {
  constructor(
    private readonly store: KvStore,
    private readonly prefix: Uint8Array,
  ) {}

  async *load(): AsyncIterable<JobRecord> {
    const prefix = concatBytes(this.prefix, Uint8Array.of(Kind.RECORD));
    for await (const [key, value] of this.store.entries({
      gte: prefix,
      lt: concatBytes(this.prefix, Uint8Array.of(Kind.RECORD + 1)),
    })) {
      if (equalBytes(key.subarray(0, prefix.length), prefix)) {
        // Earlier versions counted no lost leases.
        const older: Pick<JobRecord, "lost" | "leased" | "trouble"> = { lost: 0, leased: false, trouble: null };
        yield { ...older, ...decodeRecord<Omit<JobRecord, keyof typeof older>>(value) };
      }
    }
  }

  inputs(job: Pick<ProofJob, "epoch" | "id">): Uint8Array | undefined {
    return this.store.get(this.#key(Kind.INPUTS, job));
  }

  async add(job: ProofJob): Promise<void> {
    const record = this.#put(Kind.RECORD, job, encodeRecord(newRecord(job)));
    await this.store.write([this.#put(Kind.INPUTS, job, job.inputs), record], { sync: true });
  }

  /** That a job is given out: it need only outlast this process. */
  async lease(record: JobRecord): Promise<void> {
    await this.store.write([this.#put(Kind.RECORD, record.job, encodeRecord(record))]);
  }

  async update(record: JobRecord): Promise<void> {
    await this.store.write([this.#put(Kind.RECORD, record.job, encodeRecord(record))], { sync: true });
  }

  async remove(jobs: readonly Pick<ProofJob, "epoch" | "id">[]): Promise<void> {
    await this.store.write(
      jobs.flatMap((job): KvOperation[] =>
        [Kind.RECORD, Kind.INPUTS].map(kind => ({ type: "del", key: this.#key(kind, job) })),
      ),
    );
  }

  #put(kind: Kind, job: Pick<ProofJob, "epoch" | "id">, value: Uint8Array): KvOperation {
    return { type: "put", key: this.#key(kind, job), value };
  }

  #key(kind: Kind, { epoch, id }: Pick<ProofJob, "epoch" | "id">): Uint8Array {
    return concatBytes(this.prefix, Uint8Array.of(kind), uintToBytes(epoch, 4), new TextEncoder().encode(id));
  }
}
