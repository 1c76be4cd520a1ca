import { keyTreeOf, readCircuitKeys } from "@sprtn/circuits-client/keys";
import { choicesFrom, deploy, parametersFrom, writeDeploymentFile } from "@sprtn/deployment";
import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { createLogger } from "@sprtn/observability";
import { systemClock } from "@sprtn/observability/system";
import { jsFieldHasher, type UnixSeconds } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { applyGenesis, perTree, RollupState } from "@sprtn/state-transition";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { accountsFrom } from "./accounts.js";
import type { DeployerSettings } from "./settings.js";

/** Deploys what the settings say and writes the deployment file. */
export async function runDeployer(
  { deployment: settings, l1, observability }: DeployerSettings,
  signal: AbortSignal,
): Promise<Deployment> {
  const logger = createLogger({ clock: systemClock }, observability, "deployer");
  try {
    const parameters = parametersFrom(settings);
    const { deployerKey, deployer, validators } = accountsFrom(settings, {
      chainId: l1.chainId,
      validators: choicesFrom(settings).validators,
    });
    const { teocalliSigners, teocalliThreshold, teocalliKeys, rewardsAllocation, rollupVersion, faucet, out } =
      settings;
    const governance = {
      signers: teocalliSigners ?? [deployer],
      threshold: teocalliThreshold,
      keys: teocalliKeys?.reveal() ?? [deployerKey],
    };
    const url = l1.urls[0] as string;
    const crs = settings.proofs === "simulated" ? null : settings.crs;
    logger.info(`deploying ${settings.name ?? settings.preset} with ${validators.length} validators from ${deployer}`);
    const deployment = await deploy(
      { url, clock: systemClock, logger },
      {
        name: settings.name ?? settings.preset,
        deployerKey,
        expectedChainId: l1.chainId,
        parameters,
        validators,
        genesis: genesisTime => genesisAt(genesisTime, parameters.initialBaseFees),
        crs,
        keyTreeRoot: (crs === null
          ? KeyTree.simulated(jsFieldHasher)
          : keyTreeOf(jsFieldHasher, await readCircuitKeys(crs))
        ).root(),
        ...(rollupVersion === undefined ? {} : { rollupVersion }),
        teocalli: governance,
        faucet,
        ...(rewardsAllocation === undefined ? {} : { rewardsAllocation }),
        journalPath: settings.journal ?? `${out}.journal`,
        signal,
      },
    );
    await writeDeploymentFile(out, deployment);
    logger.info(
      `the contracts are deployed and ${out} is written; genesis is at ` +
        new Date(deployment.parameters.genesisTime * 1000).toISOString(),
    );
    if (crs === null) logger.warn("proofs are SIMULATED: anybody can forge them");
    else if (crs === "dev") logger.warn("proofs are made under the DEV CRS: anybody can forge them");
    return deployment;
  } finally {
    await logger.close();
  }
}

function genesisAt(
  genesisTime: UnixSeconds,
  initialBaseFees: Deployment["parameters"]["initialBaseFees"],
): Deployment["genesis"] {
  const state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: jsFieldHasher });
  return applyGenesis(state, { genesisTime, initialBaseFees });
}
