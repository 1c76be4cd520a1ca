import {
  availabilityOracleAbi,
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
import { type ErrorFragment, Interface } from "ethers";

export const rollupInterface = new Interface(rollupAbi);
export const oracleInterface = new Interface(availabilityOracleAbi);
export const inboxInterface = new Interface(inboxAbi);
export const feePortalInterface = new Interface(feePortalAbi);
export const validatorRegistryInterface = new Interface(validatorRegistryAbi);
export const tokenInterface = new Interface(l2AZTAbi);

/** Every custom error of every contract: one contract passes on what another reverts with. */
export const errorInterface = new Interface([
  ...new Map(errorFragments().map(fragment => [fragment.selector, fragment])).values(),
]);

function errorFragments(): ErrorFragment[] {
  const others = [outboxAbi, registryAbi, rewardsAbi, teocalliAbi].map(abi => new Interface(abi));
  const all = [
    rollupInterface,
    oracleInterface,
    inboxInterface,
    feePortalInterface,
    validatorRegistryInterface,
    tokenInterface,
    ...others,
  ];
  return all.flatMap(contract =>
    contract.fragments.filter((fragment): fragment is ErrorFragment => fragment.type === "error"),
  );
}
