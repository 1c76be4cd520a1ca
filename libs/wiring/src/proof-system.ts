import { SimulatedBackend } from "@sprtn/circuits-client";
import { crsCacheFolder, type CrsProgress } from "@sprtn/crs";
import { type CircuitKeys, keyTreeOf } from "@sprtn/circuits-client/keys";
import { createRealBackend, pointsOfLargest } from "@sprtn/circuits-client/real";
import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Logger, ProofBackend } from "@sprtn/ports";
import type { CrsKind, Deployment } from "@sprtn/protocol";
import { isAbortError } from "@sprtn/runtime";
import { KeyTree } from "@sprtn/state-transition/circuits";
import type { ProcessResources } from "./process-resources.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What makes and checks a network's proofs: one per process, no matter how many nodes it runs. */
export interface ProofSystem {
  readonly backend: ProofBackend;
  readonly keys: KeyTree;
  /**
   * Begins to prepare what proving epochs needs, in the background: points of the CRS, which take about a minute to
   * make. Without effect where proofs are simulated.
   */
  prepareProving(): void;
  close(): Promise<void>;
}

/**
 * The proof system of a deployment (PROV-6): real proofs under its CRS, or simulated ones.
 * @throws WiringError WRONG_PROOF_MODE for a PROVER_REAL_PROOFS that L1 would not accept, OTHER_KEYS; KeysError
 */
export async function openProofSystem(
  process: Pick<ProcessResources, "clock" | "hasher" | "logger">,
  settings: CircuitsOptions,
  deployment: Pick<Deployment, "crs" | "keyTreeRoot">,
): Promise<ProofSystem> {
  requireMode(settings, deployment.crs);
  const system = await createProofSystem(process, settings, deployment.crs);
  if (system.keys.root() === deployment.keyTreeRoot) return system;
  await system.close();
  throw new WiringError(
    WiringErrorCode.OTHER_KEYS,
    "the deployment's key tree does not match this version's circuits, so its proofs would be refused: run the " +
      "version that it was deployed with",
  );
}

/** The proof system of a new deployment, whose key tree root L1 will get. */
export async function createProofSystem(
  { clock, hasher, logger }: Pick<ProcessResources, "clock" | "hasher" | "logger">,
  settings: CircuitsOptions,
  crs: CrsKind | null,
): Promise<ProofSystem> {
  if (crs === null) {
    return {
      backend: new SimulatedBackend({ hasher, clock }, { baseDelayMs: settings.simulatedDelayMs }),
      keys: KeyTree.simulated(hasher),
      prepareProving: () => {},
      close: async () => {},
    };
  }
  const log = logger.child("proofs");
  const { backend, keys, engines } = await createRealBackend(
    { logger: log, clock, onCrsProgress: crsProgressLines(log) },
    { crs, crsPath: settings.crsPath, cacheFolder: crsCacheFolder(settings.crsCache), threads: settings.threads },
  );
  return {
    backend,
    keys: keyTreeOf(hasher, keys),
    prepareProving: () => void prepare(engines, keys, log),
    close: () => backend.close(),
  };
}

/** What a deployment's proofs are worth, said at every start (PROV-6). */
export function tellProofMode(logger: Logger, crs: CrsKind | null): void {
  if (crs === null) logger.warn("proofs are SIMULATED: anybody can forge them");
  else if (crs === "dev")
    logger.warn(
      "proofs are real, under the DEV CRS, whose secret is public: they show that the provers work, but anybody " +
        "can forge them",
    );
  else logger.info("proofs are real, under the Ignition CRS");
}

/** @throws WiringError WRONG_PROOF_MODE for a PROVER_REAL_PROOFS that L1 would not accept */
export function requireMode({ realProofs }: CircuitsOptions, crs: CrsKind | null): void {
  if (realProofs === undefined || realProofs === (crs !== null)) return;
  const [wanted, taken] = realProofs ? ["real", "simulated"] : ["simulated", "real"];
  throw new WiringError(
    WiringErrorCode.WRONG_PROOF_MODE,
    `PROVER_REAL_PROOFS asks for ${wanted} proofs, but this deployment's verifier accepts ${taken} ones: remove ` +
      "the setting, or join another network",
  );
}

/** What fails here fails again, and is reported, when a proof needs it. */
async function prepare(
  engines: Awaited<ReturnType<typeof createRealBackend>>["engines"],
  keys: CircuitKeys,
  logger: Logger,
): Promise<void> {
  try {
    await engines.forProving(pointsOfLargest(keys));
  } catch (error) {
    if (!isAbortError(error))
      logger.error("the CRS could not be prepared; this will be tried again with the first proof", {
        code: codeOf(error),
        reason: messageOf(error),
      });
  }
}

const BAR = 20;

/** A line with a bar for every tenth. */
export function crsProgressLines(logger: Logger): (progress: CrsProgress) => void {
  let told = 0;
  return ({ done, total }) => {
    const tenths = Math.floor((10 * done) / total);
    if (tenths === told) return;
    told = tenths;
    const filled = Math.round((BAR * done) / total);
    logger.info(
      `CRS [${"#".repeat(filled)}${".".repeat(BAR - filled)}] ${Math.floor((100 * done) / total)} % of ${total} points`,
    );
  };
}
