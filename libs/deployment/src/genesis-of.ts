import { UnixSeconds, ZERO_ADDRESS, ZERO_FIELD } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { refuse } from "./assert-parameters.js";
import type { DeployRequest, Genesis } from "./deploy-request.js";
import { type L1Requests, numberOf } from "./l1-requests.js";

/**
 * The request's genesis time, or a slot from now.
 * @throws BAD_PARAMETERS for one that is long gone: every slot since then would stay empty
 */
export async function genesisTimeOf(l1: L1Requests, { parameters }: DeployRequest): Promise<UnixSeconds> {
  const { genesisTime, slotDuration, epochDuration } = parameters;
  const latest = await l1.ask("eth_getBlockByNumber", ["latest", false], block =>
    numberOf((block as { readonly timestamp?: unknown }).timestamp),
  );
  if (genesisTime === 0) return UnixSeconds(latest + slotDuration);
  if (genesisTime < latest - slotDuration * epochDuration)
    refuse([
      `genesisTime is ${genesisTime}, more than an epoch before L1's latest block (${latest}): give a later one, or ` +
        "leave it out",
    ]);
  return genesisTime;
}

/** What the parameters imply of block 0, besides its time and base fees. */
const implied = {
  ...{ number: 0, slot: 0, coinbase: ZERO_ADDRESS },
  ...{ feeRecipient: ZERO_FIELD, daHash: ZERO_FIELD, inHash: ZERO_FIELD, outHash: ZERO_FIELD },
  ...{ txCount: 0, totalBaseFees: 0n, totalL2Gas: 0n, totalDaGas: 0n },
};

/**
 * Block 0 for these parameters.
 * @throws BAD_PARAMETERS for one that the Rollup's constructor would refuse
 */
export function genesisOf({ genesis }: DeployRequest, parameters: RollupParameters): Genesis {
  const { header, archive } = typeof genesis === "function" ? genesis(parameters.genesisTime) : genesis;
  const { perL2Gas, perDaGas } = parameters.initialBaseFees;
  const fits =
    header.timestamp === parameters.genesisTime &&
    header.baseFees.perL2Gas === perL2Gas &&
    header.baseFees.perDaGas === perDaGas &&
    Object.entries(implied).every(([name, value]) => header[name as keyof typeof implied] === value);
  if (!fits)
    refuse([
      "the genesis header does not match them: its timestamp must be the genesis time, its base fees the initial " +
        "ones, and all else but lastArchive and stateHash 0",
    ]);
  return { header, archive };
}
