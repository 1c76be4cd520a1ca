import type { Deployment } from "@sprtn/protocol";
import type { ContractReader } from "./check-deployment.js";
import { interfaceOfStep } from "./manifest.js";

/** How many validators a network was deployed with: its file knows only how many of them make a committee. */
export async function initialValidatorCount(
  l1: ContractReader,
  { contracts }: Pick<Deployment, "contracts">,
): Promise<number> {
  const registry = { contract: interfaceOfStep("ValidatorRegistry"), address: contracts.validatorRegistry };
  // SET-3: those that the constructor was given count from epoch 0, and no others do.
  const [count] = await l1.read(registry, "getValidatorCountAt", [0]);
  return Number(count);
}
