import type { Logger } from "@sprtn/ports";
import { throwIfAborted } from "@sprtn/runtime";
import { prove } from "../commands.js";
import { gunzipWitness } from "../gunzip.js";
import type { MadeProof, ProofEngine, ProveRequest, VerifyRequest } from "../proof-engine.js";
import { requireReadableKey } from "../verification-key.js";
import { BbProcesses } from "./bb-processes.js";
import { requirePoints } from "./crs-folder.js";
import { NativeVerifier } from "./native-verifier.js";

/** Where bb and the CRS are, and how much of the machine proving and verifying take. */
export interface NativeProofEngineSettings {
  readonly bbPath: string;
  /** Folder of the CRS to prove with. Verifying does without. */
  readonly crsPath: string;
  /** Of each proof; every core if absent. */
  readonly threads?: number | undefined;
  /** How far proving stands back for everything else on the machine: 0 to 19, 10 if absent. */
  readonly proverNiceness?: number | undefined;
  /** How many proofs are verified at a time, at 12 MB each; 1 if absent. */
  readonly verifiers?: number | undefined;
  /** Beyond which `verify` throws QUEUE_FULL, for each verifier; 1,024 if absent. */
  readonly maxWaiting?: number | undefined;
}

/**
 * Each proof is made by its own bb process: it returns its memory, can be killed, and makes no other wait; how many at
 * a time is the caller's to say (a rollup proof takes up to 2.2 GB).
 * What it works on goes through pipes, so that no witness is ever on disk. Verifying has separate processes, which
 * live on.
 */
export class NativeProofEngine implements ProofEngine {
  readonly #processes: BbProcesses;
  readonly #verifiers: readonly NativeVerifier[];

  constructor(
    dependencies: { readonly logger: Logger },
    private readonly settings: NativeProofEngineSettings,
  ) {
    const { bbPath, verifiers = 1, maxWaiting = 1_024 } = settings;
    const processes = new BbProcesses(dependencies);
    this.#processes = processes;
    this.#verifiers = Array.from(
      { length: verifiers },
      () => new NativeVerifier({ ...dependencies, processes }, { bbPath, maxWaiting }),
    );
  }

  async prove(request: ProveRequest, signal?: AbortSignal): Promise<MadeProof> {
    const { bbPath, crsPath, threads, proverNiceness = 10 } = this.settings;
    throwIfAborted("prove", signal);
    const { logSize } = requireReadableKey(request.verificationKey, request.target);
    await requirePoints(crsPath, 2 ** logSize);
    const witness = await gunzipWitness(request.witness);
    return this.#processes.run(
      { bbPath, crsPath, threads, niceness: proverNiceness, job: "prove" },
      async process => {
        const made = await prove(process.api, { ...request, witness });
        const usage = await process.usage();
        return usage === undefined ? made : { ...made, usage };
      },
      signal,
    );
  }

  async verify(request: VerifyRequest): Promise<boolean> {
    const idlest = this.#verifiers.reduce((best, verifier) => (verifier.load < best.load ? verifier : best));
    return idlest.verify(request);
  }

  async close(): Promise<void> {
    await this.#processes.close(Promise.all(this.#verifiers.map(verifier => verifier.close())));
  }
}
