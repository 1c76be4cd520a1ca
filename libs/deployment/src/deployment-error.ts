import { CodedError } from "@sprtn/primitives";

/** Why a deployment stopped, or why a deployment file does not fit what L1 holds. */
export enum DeploymentErrorCode {
  /** A text that is not a deployment file; the payload says where. */
  BAD_FILE = "DEPLOYMENT_BAD_FILE",
  /** A file that cannot be read or written. */
  FILE_ACCESS = "DEPLOYMENT_FILE_ACCESS",
  /** The place of the deployment file holds something else. */
  FILE_TAKEN = "DEPLOYMENT_FILE_TAKEN",
  /** Parameters that the contracts, or the deployment file, would refuse. */
  BAD_PARAMETERS = "DEPLOYMENT_BAD_PARAMETERS",
  /** L1 holds something else than the deployment file says; the payload lists what. */
  MISMATCH = "DEPLOYMENT_MISMATCH",
  /** The journal belongs to a deployment with other parameters, another key or another L1. */
  OTHER_PLAN = "DEPLOYMENT_OTHER_PLAN",
  BAD_JOURNAL = "DEPLOYMENT_BAD_JOURNAL",
  /** A transaction of the deployment was refused or reverted. */
  STEP_FAILED = "DEPLOYMENT_STEP_FAILED",
  INSUFFICIENT_BALANCE = "DEPLOYMENT_INSUFFICIENT_BALANCE",
  /** Something else keeps using the deployer's nonces. */
  NONCE_CONTENTION = "DEPLOYMENT_NONCE_CONTENTION",
  /** L1 is another chain than the one that was meant. */
  WRONG_CHAIN = "DEPLOYMENT_WRONG_CHAIN",
  /** L1 answered with an error, or not at all. */
  L1_FAILED = "DEPLOYMENT_L1_FAILED",
  /** The committed manifest and the code do not fit each other. */
  BAD_MANIFEST = "DEPLOYMENT_BAD_MANIFEST",
}

/** The step, path or revert that the error is about. */
export type DeploymentErrorPayload = Partial<{
  readonly problems: readonly string[];
  readonly step: string;
  readonly path: string;
  readonly transactionHash: string;
  readonly reason: string;
  readonly needed: bigint;
  readonly balance: bigint;
}>;

export class DeploymentError extends CodedError<DeploymentErrorCode, DeploymentErrorPayload> {}
