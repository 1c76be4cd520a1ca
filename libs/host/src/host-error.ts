import { CodedError } from "@sprtn/primitives";

/** What a machine refuses to whoever starts programs and keeps files on it. */
export enum HostErrorCode {
  FILE_ACCESS = "HOST_FILE_ACCESS",
  DISK_FULL = "HOST_DISK_FULL",
  /** Another command works on the same folder. */
  BUSY = "HOST_BUSY",
  NOT_STARTED = "HOST_NOT_STARTED",
  /** This system lacks what it takes. */
  UNSUPPORTED = "HOST_UNSUPPORTED",
}

/** Which file it is about. */
export interface HostErrorPayload {
  readonly path?: string;
}

/** What this machine does not do, with what to do about it. */
export class HostError extends CodedError<HostErrorCode, HostErrorPayload> {}
