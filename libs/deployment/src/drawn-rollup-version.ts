import { bytesToUint, type EthAddress, fromHex, keccak256 } from "@sprtn/primitives";
import type { UnixSeconds } from "@sprtn/primitives";

/** What tells one deployment from another. */
export interface DeploymentIdentity {
  readonly chainId: bigint;
  readonly deployer: EthAddress;
  readonly name: string;
  readonly genesisTime: UnixSeconds;
}

/**
 * The rollup version of a deployment that was not given one: 48 bits, never 0, that follow from what tells deployments
 * apart. So nothing that was signed or proven for one deployment holds in another, also on a new devnet of the same
 * chain id.
 */
export function drawnRollupVersion({ chainId, deployer, name, genesisTime }: DeploymentIdentity): bigint {
  const text = JSON.stringify(["sprtn rollup version", String(chainId), deployer, name, genesisTime]);
  const drawn = bytesToUint(fromHex(keccak256(new TextEncoder().encode(text))).subarray(0, 6));
  return drawn === 0n ? 1n : drawn;
}
