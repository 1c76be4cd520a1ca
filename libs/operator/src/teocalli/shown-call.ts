import {
  feePortalAbi,
  inboxAbi,
  l2AZTAbi,
  outboxAbi,
  registryAbi,
  rewardsAbi,
  rollupAbi,
  teocalliAbi,
  validatorRegistryAbi,
} from "@sprtn/contracts";
import type { TeocalliCommand } from "@sprtn/deployment";
import { Interface } from "ethers";

const abis = {
  validatorRegistry: validatorRegistryAbi,
  rollup: rollupAbi,
  rewards: rewardsAbi,
  teocalli: teocalliAbi,
  registry: registryAbi,
  feePortal: feePortalAbi,
  token: l2AZTAbi,
  inbox: inboxAbi,
  outbox: outboxAbi,
};

/**
 * A call as people read it: `validatorRegistry.addValidator(0x…)`. With the network's contracts, one to an address that
 * is none of them says so; without, the contract is known by what is called.
 */
export function shownCall(
  { target, value = 0n, data }: TeocalliCommand["calls"][number],
  contracts: Readonly<Record<string, string>> | undefined,
): string {
  const ether = value === 0n ? "" : `, with ${value} wei`;
  const name = Object.entries(contracts ?? {}).find(([, address]) => address.toLowerCase() === target)?.[0];
  const where = name ?? (contracts === undefined ? target : `${target}, which is no contract of this network`);
  if (data === "0x") return `transfer to ${where}${ether}`;
  for (const [contract, abi] of Object.entries(abis)) {
    if (name !== undefined && contract !== name) continue;
    const call = new Interface(abi).parseTransaction({ data });
    if (call !== null) {
      const args = call.args.map(each => shownArgument(each)).join(", ");
      return `${call.name}(${args}) of ${where}${ether}`;
    }
  }
  return `UNKNOWN CALL ${data.slice(0, 10)}… of ${where}${ether}: decode it yourself before you sign it`;
}

/** SET-1: a public key is a padded address, which people compare. */
function shownArgument(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.map(each => shownArgument(each)).join(", ")}]` : String(value);
  const address = /^0x0{24}([0-9a-f]{40})$/i.exec(text)?.[1];
  return address === undefined || /^0+$/.test(address) ? text : `0x${address}`;
}
