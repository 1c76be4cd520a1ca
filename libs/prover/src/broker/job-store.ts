import { concatBytes, equalBytes, uintToBytes } from "@sprtn/primitives";
import type { JobOutcome, KvOperation, KvStore, ProofJob } from "@sprtn/ports";
import {
  decodeCircuitInputs as decodeRecord,
  encodeCircuitInputs as encodeRecord,
} from "@sprtn/state-transition/circuits";

/** A job as it is kept: what is to be done, how often it was tried, how it ended. */
export interface JobRecord {
  readonly job: Omit<ProofJob, "inputs">;
  readonly attempts: number;
  readonly outcome: JobOutcome | null;
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
      if (equalBytes(key.subarray(0, prefix.length), prefix)) yield decodeRecord<JobRecord>(value);
    }
  }

  inputs(job: Pick<ProofJob, "epoch" | "id">): Uint8Array | undefined {
    return this.store.get(this.#key(Kind.INPUTS, job));
  }

  async add(job: ProofJob): Promise<void> {
    const { inputs, ...rest } = job;
    const record: JobRecord = { job: rest, attempts: 0, outcome: null };
    await this.store.write([this.#put(Kind.INPUTS, job, inputs), this.#put(Kind.RECORD, job, encodeRecord(record))], {
      sync: true,
    });
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
