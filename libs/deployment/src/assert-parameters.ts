import { constants, type RollupParameters } from "@sprtn/protocol";
import { minimumCapacity, minimumExitGrace } from "./derived-parameters.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";

/**
 * What the contracts' constructors refuse (Init_InvalidParameter), said before anything is sent and all at once. Throws
 * BAD_PARAMETERS.
 */
export function assertParameters(parameters: RollupParameters): void {
  const {
    slotDuration,
    epochDuration,
    committeeSize,
    gasTarget,
    initialBaseFees,
    proverShareBps,
    provingRight,
    proofWindow,
    proposalLateness,
    capacity,
    exitGraceEpochs,
  } = parameters;
  const problems: string[] = [];
  const check = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  check(slotDuration > 0, "slotDuration must be above 0");
  check(epochDuration > 0, "epochDuration must be above 0");
  check(
    committeeSize >= 1 && committeeSize <= constants.MAX_COMMITTEE,
    `committeeSize must be from 1 to ${constants.MAX_COMMITTEE}`,
  );
  check(gasTarget.l2 >= 1n && gasTarget.da >= 1n, "gasTarget must be at least 1 for each kind");
  check(
    initialBaseFees.perL2Gas >= 1n && initialBaseFees.perDaGas >= 1n,
    "initialBaseFees must be at least 1 for each kind",
  );
  check(proverShareBps <= 10_000, "proverShareBps must be at most 10000");
  check(provingRight !== "quotes", "provingRight quotes is not in the contracts yet: give coordinator or open");
  check(proofWindow >= proposalLateness * slotDuration, "proofWindow must be at least proposalLateness slots");
  if (problems.length === 0) {
    const [leastCapacity, leastGrace] = [minimumCapacity(parameters), minimumExitGrace(parameters)];
    check(capacity >= leastCapacity, `capacity must be at least ${leastCapacity} with these windows (PEND-7)`);
    check(exitGraceEpochs >= leastGrace, `exitGraceEpochs must be at least ${leastGrace} with these windows (SET-2)`);
  }
  if (problems.length > 0)
    throw new DeploymentError(
      DeploymentErrorCode.BAD_PARAMETERS,
      `these parameters cannot be deployed: ${problems.join("; ")}`,
      { problems },
    );
}
