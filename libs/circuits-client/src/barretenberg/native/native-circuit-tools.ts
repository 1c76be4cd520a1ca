import type { Logger } from "@sprtn/ports";
import { bytesToUint, type Field } from "@sprtn/primitives";
import type { ProofTarget } from "../proof-engine.js";
import { proofSettings } from "../proof-target.js";
import { refusalOf } from "../refusal.js";
import { requireReadableKey, verificationKeyFields } from "../verification-key.js";
import type { BbProcess } from "./bb-process.js";
import { BbProcesses } from "./bb-processes.js";
import { requirePoints } from "./crs-folder.js";

/** Where bb and the CRS are; every core works if `threads` is absent. */
export interface NativeCircuitToolsSettings {
  readonly bbPath: string;
  readonly crsPath: string;
  readonly threads?: number | undefined;
}

/** A circuit's verification key in the forms that circuits and contracts need, and its gate count. */
export interface DerivedKey {
  readonly verificationKey: Uint8Array;
  /** As `verificationKeyFields` of it. */
  readonly fields: readonly bigint[];
  /** As `verificationKeyHash` of it. */
  readonly hash: Field;
  readonly gates: number;
}

/** What is asked of bb once per circuit, at build time: each request in its own process. */
export class NativeCircuitTools {
  readonly #processes: BbProcesses;

  constructor(
    dependencies: { readonly logger: Logger },
    private readonly settings: NativeCircuitToolsSettings,
  ) {
    this.#processes = new BbProcesses(dependencies);
  }

  /** Needs the circuit's points of the CRS, and a quarter of the time of a proof. @throws BarretenbergError */
  async deriveVerificationKey(bytecode: Uint8Array, target: ProofTarget, signal?: AbortSignal): Promise<DerivedKey> {
    return this.#run(
      "derive a verification key",
      async process => {
        const { numGates, numGatesDyadic } = await stats(process, bytecode, target);
        await requirePoints(this.settings.crsPath, numGatesDyadic);
        const { bytes, hash } = await process.api.circuitComputeVk({
          circuit: { name: "circuit", bytecode },
          settings: proofSettings(target),
        });
        return {
          verificationKey: bytes,
          fields: verificationKeyFields(bytes, target),
          hash: bytesToUint(hash) as Field,
          gates: numGates,
        };
      },
      signal,
    );
  }

  /** The circuit's size, before it is rounded up to a power of two. */
  async circuitGates(bytecode: Uint8Array, target: ProofTarget, signal?: AbortSignal): Promise<number> {
    return this.#run("count gates", async process => (await stats(process, bytecode, target)).numGates, signal);
  }

  /** The contract that verifies evm-no-zk proofs under this key: bb's optimized one, an `HonkVerifier`. */
  async writeSolidityVerifier(verificationKey: Uint8Array, signal?: AbortSignal): Promise<string> {
    requireReadableKey(verificationKey, "evm-no-zk");
    const settings = { ...proofSettings("evm-no-zk"), optimizedSolidityVerifier: true };
    return this.#run(
      "write a Solidity verifier",
      async process => (await process.api.circuitWriteSolidityVerifier({ verificationKey, settings })).solidityCode,
      signal,
    );
  }

  async close(): Promise<void> {
    await this.#processes.close();
  }

  async #run<T>(job: string, task: (process: BbProcess) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { bbPath, crsPath, threads } = this.settings;
    try {
      return await this.#processes.run({ bbPath, crsPath, threads, job }, task, signal);
    } catch (error) {
      throw refusalOf(job, error);
    }
  }
}

function stats(process: BbProcess, bytecode: Uint8Array, target: ProofTarget) {
  return process.api.circuitStats({
    circuit: { name: "circuit", bytecode, verificationKey: new Uint8Array() },
    includeGatesPerOpcode: false,
    settings: proofSettings(target),
  });
}
