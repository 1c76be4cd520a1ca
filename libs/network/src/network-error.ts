import { CodedError } from "@sprtn/primitives";

/** What keeps a network from being planned, started, watched, stopped or written. */
export enum NetworkErrorCode {
  /** Parameters that cannot make a network together. */
  BAD_PARAMETERS = "NETWORK_BAD_PARAMETERS",
  NO_MEMORY = "NETWORK_NO_MEMORY",
  /** The folder holds something else, or nothing. */
  NOT_A_NETWORK = "NETWORK_NOT_A_NETWORK",
  BAD_FILE = "NETWORK_BAD_FILE",
  /** A network continues as it was deployed. */
  OTHER_PARAMETERS = "NETWORK_OTHER_PARAMETERS",
  PORT_TAKEN = "NETWORK_PORT_TAKEN",
  PROCESS_ENDED = "NETWORK_PROCESS_ENDED",
  NOT_READY = "NETWORK_NOT_READY",
  NOT_STOPPED = "NETWORK_NOT_STOPPED",
  UNKNOWN_NAME = "NETWORK_UNKNOWN_NAME",
  /** This system or this build lacks what the command needs. */
  UNSUPPORTED = "NETWORK_UNSUPPORTED",
}

/** What a program can do about it besides showing the text. */
export interface NetworkErrorPayload {
  readonly path?: string;
  readonly name?: string;
  readonly names?: readonly string[];
}

/** A network that cannot be what it is asked to be, with what to do about it. */
export class NetworkError extends CodedError<NetworkErrorCode, NetworkErrorPayload> {}
