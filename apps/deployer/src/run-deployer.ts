import { keyTreeOf, readCircuitKeys } from "@sprtn/circuits-client/keys";
import { choicesFrom, deploy, L1Requests, parametersFrom } from "@sprtn/deployment";
import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { createLogger, type RootLogger } from "@sprtn/observability";
import { systemClock } from "@sprtn/observability/system";
import { codeOf, counted, jsFieldHasher, messageOf, type UnixSeconds } from "@sprtn/primitives";
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
    const url = await chooseEndpoint(l1, logger);
    const crs = settings.proofs === "simulated" ? null : settings.crs;
    logger.info(
      `deploying ${settings.name ?? settings.preset} with ${counted(validators.length, "validator")} from ${deployer}`,
    );
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
        filePath: out,
        signal,
      },
    );
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

/**
 * The first endpoint that answers for the chain. If none does it is the first of all: what is wrong with it is told
 * then. One that fails later ends the run, which the journal then continues with another one.
 */
async function chooseEndpoint(
  { urls, chainId }: Pick<DeployerSettings["l1"], "urls" | "chainId">,
  logger: RootLogger,
): Promise<string> {
  const [first] = urls as [string];
  if (urls.length === 1) return first;
  for (const url of urls) {
    // Not the whole: there may be a key in it.
    const endpoint = new URL(url).host;
    try {
      const l1 = await L1Requests.connect(url);
      l1.close();
      if (l1.chainId === chainId) return url;
      logger.warn("an L1 endpoint serves another chain", { endpoint, chain: l1.chainId });
    } catch (error) {
      logger.warn("an L1 endpoint does not answer", { endpoint, code: codeOf(error), reason: messageOf(error) });
    }
  }
  return first;
}

function genesisAt(
  genesisTime: UnixSeconds,
  initialBaseFees: Deployment["parameters"]["initialBaseFees"],
): Deployment["genesis"] {
  const state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: jsFieldHasher });
  return applyGenesis(state, { genesisTime, initialBaseFees });
}
