import { constants, type RollupParameters } from "@sprtn/protocol";
import { minimumCapacity, minimumExitGrace } from "./derived-parameters.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";

const YEAR_SECONDS = 365 * 86_400;
const U32_MAX = 2 ** 32 - 1;
const U64_MAX = 2n ** 64n - 1n;
const U96_MAX = 2n ** 96n - 1n;
const U128_MAX = 2n ** 128n - 1n;

/** Settings that each have their own range; units as in RollupParameters. Those of the contracts' constructors. */
function ranges(parameters: RollupParameters): readonly (readonly [name: string, least: bigint, most: bigint])[] {
  const { slotDuration, epochDuration, proposalLateness } = parameters;
  return [
    // 0 means: soon after the deployment began. 2^40 catches milliseconds.
    ["genesisTime", 0n, 2n ** 40n - 1n],
    ["slotDuration", 1n, 86_400n],
    ["epochDuration", 1n, 65_536n],
    ["committeeSize", 1n, BigInt(constants.MAX_COMMITTEE)],
    ["proposalLateness", 0n, whole(epochDuration)],
    // The holder of the proving right has at least one slot between the end of the epoch and D1; others have one until
    // D2.
    ["proofWindow", (whole(proposalLateness) + 1n) * whole(slotDuration), BigInt(YEAR_SECONDS)],
    ["challengeWindow", whole(slotDuration), BigInt(YEAR_SECONDS)],
    ["capacity", 1n, BigInt(U32_MAX)],
    ["pendingReward", 0n, U96_MAX],
    ["provenReward", 0n, U96_MAX],
    ["proverShareBps", 0n, 10_000n],
    ["minimumStake", 0n, U128_MAX],
    ["minimumDeposit", 1n, U128_MAX],
    ["exitGraceEpochs", 0n, 2n ** 31n - 1n],
  ];
}

/**
 * What the contracts' constructors refuse (Init_InvalidParameter), said before anything is sent and all at once.
 * @throws DeploymentError BAD_PARAMETERS
 */
export function assertParameters(parameters: RollupParameters): void {
  refuse(parameterProblems(parameters));
}

/** The same as a list; empty if the contracts take them. */
export function parameterProblems(parameters: RollupParameters): readonly string[] {
  const { gasTarget, initialBaseFees, provingRight, capacity, exitGraceEpochs } = parameters;
  const problems: string[] = [];
  const check = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  const inRange = (name: string, value: number | bigint, [least, most]: readonly [bigint, bigint]) => {
    const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
    check(
      isWhole && value >= least && value <= most,
      `${name} is ${value} and must be a whole number, ${least} to ${most}`,
    );
  };
  for (const [name, least, most] of ranges(parameters))
    inRange(name, parameters[name as keyof RollupParameters] as number | bigint, [least, most]);
  // TX-2: the limit, twice the target, fits a header's 64 bits.
  inRange("gasTarget.l2", gasTarget.l2, [1n, 2n ** 63n - 1n]);
  inRange("gasTarget.da", gasTarget.da, [1n, 2n ** 63n - 1n]);
  inRange("initialBaseFees.perL2Gas", initialBaseFees.perL2Gas, [1n, U64_MAX]);
  inRange("initialBaseFees.perDaGas", initialBaseFees.perDaGas, [1n, U64_MAX]);
  check(provingRight !== "quotes", "the contracts do not support provingRight quotes yet: give coordinator or open");
  if (problems.length === 0) {
    const [leastCapacity, leastGrace] = [minimumCapacity(parameters), minimumExitGrace(parameters)];
    check(capacity >= leastCapacity, `capacity must be at least ${leastCapacity} with these windows (PEND-7)`);
    check(exitGraceEpochs >= leastGrace, `exitGraceEpochs must be at least ${leastGrace} with these windows (SET-2)`);
  }
  return problems;
}

/** The same for the number that tells deployments apart. */
export function rollupVersionProblems(rollupVersion: bigint): readonly string[] {
  if (rollupVersion >= 1n && rollupVersion <= U64_MAX) return [];
  return [`rollupVersion is ${rollupVersion} and must be 1 to ${U64_MAX}: omit it and one is drawn`];
}

/** What is not a whole number is refused under its own name: here it only must not throw. */
function whole(value: number): bigint {
  return Number.isSafeInteger(value) ? BigInt(value) : 0n;
}

/** @throws DeploymentError BAD_PARAMETERS with all of them, if there are any */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0)
    throw new DeploymentError(
      DeploymentErrorCode.BAD_PARAMETERS,
      `these parameters cannot be deployed: ${problems.join("; ")}`,
      { problems },
    );
}
