import { counted, type EthAddress, ZERO_ADDRESS } from "@sprtn/primitives";
import { parameterProblems, refuse, rollupVersionProblems } from "./assert-parameters.js";
import { accountOf, commandKeysOf } from "./command-keys.js";
import type { DeployRequest } from "./deploy-request.js";
import { DEFAULT_ALLOCATION, needsCommand } from "./planned-step.js";

/** MINT_CAP of L2AZT: what its owner can mint in one call. */
const MINT_CAP = 2n ** 128n - 1n;

/**
 * What the contracts would refuse of a request, whatever L1 holds, said before anything is sent and all at once.
 * @throws DeploymentError BAD_PARAMETERS
 */
export function assertRequest(request: DeployRequest): void {
  const { parameters, rollupVersion, validators, deployerKey } = request;
  refuse([
    ...parameterProblems(parameters),
    ...(rollupVersion === undefined ? [] : rollupVersionProblems(rollupVersion)),
    ...(accountOf(deployerKey) === undefined ? ["deployerKey is not a private key"] : []),
    // SET-1, SET-2: an attester is not 0, and a member once.
    ...distinct("validators", validators),
    ...teocalliProblems(request),
    ...fundingProblems(request),
  ]);
}

function teocalliProblems({ teocalli }: DeployRequest): readonly string[] {
  if (!teocalli) return [];
  const { signers, threshold } = teocalli;
  const reachable = Number.isSafeInteger(threshold) && threshold >= 1 && threshold <= signers.length;
  return [
    ...distinct("teocalli.signers", signers),
    ...(reachable
      ? []
      : [`teocalli.threshold is ${threshold} and must be 1 to ${signers.length}, the number of signers`]),
  ];
}

function fundingProblems(request: DeployRequest): readonly string[] {
  const { teocalli, rewardsAllocation = DEFAULT_ALLOCATION, mint = [], faucet = true } = request;
  const amounts = [
    ["rewardsAllocation", rewardsAllocation] as const,
    ...mint.map(({ amount }, index) => [`mint.${index}.amount`, amount] as const),
  ];
  const problems = amounts
    .filter(([, amount]) => amount < 0n || amount > MINT_CAP)
    .map(([name, amount]) => `${name} is ${amount} and must be 0 to ${MINT_CAP}, the most that is minted in one call`);
  for (const [index, { recipient }] of mint.entries())
    if (recipient === ZERO_ADDRESS) problems.push(`mint.${index}.recipient must not be the zero address`);
  const commands = rewardsAllocation > 0n || mint.some(({ amount }) => needsCommand(faucet, amount));
  const [needed, keys] = [teocalli?.threshold ?? 1, commandKeysOf(request).length];
  if (commands && keys < needed)
    problems.push(
      `funding needs ${counted(needed, "signature")} of Teocalli's signers, but there are keys of ${keys}: give more ` +
        "keys, or set the rewards allocation to 0 and mint only what the faucet gives",
    );
  return problems;
}

/** One problem about zeros and one about repetitions: lists can be long. */
function distinct(name: string, addresses: readonly EthAddress[]): readonly string[] {
  const problems: string[] = [];
  if (addresses.includes(ZERO_ADDRESS)) problems.push(`${name} must not contain the zero address`);
  const seen = new Set<string>();
  const repeated = addresses.find(address => seen.size === seen.add(address.toLowerCase()).size);
  if (repeated !== undefined) problems.push(`${name} must be different ones, but ${repeated} is there twice`);
  return problems;
}
