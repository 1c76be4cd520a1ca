import { CodedError } from "@sprtn/primitives";

/** Questions that ask for too much, or for what this node does not have. */
export enum NodeServiceErrorCode {
  UNKNOWN_LEAF = "NODE_UNKNOWN_LEAF",
  TOO_MANY = "NODE_TOO_MANY",
}

/** A request that cannot be answered; for a refused transaction the code is the refusal's own. */
export class NodeServiceError extends CodedError {}
