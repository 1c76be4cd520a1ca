import { CodedError } from "@sprtn/primitives";

/** Which structure the bytes or values were to be. */
export enum ProtocolErrorCode {
  BAD_HEADER = "PROTOCOL_BAD_HEADER",
  BAD_EFFECTS = "PROTOCOL_BAD_EFFECTS",
  BAD_TX = "PROTOCOL_BAD_TX",
  BAD_SIGNATURES = "PROTOCOL_BAD_SIGNATURES",
  BAD_MESSAGE = "PROTOCOL_BAD_MESSAGE",
  BAD_LEAF = "PROTOCOL_BAD_LEAF",
  BAD_WITNESS = "PROTOCOL_BAD_WITNESS",
}

/** Bytes or values that are not what the specification says. */
export class ProtocolError extends CodedError<ProtocolErrorCode, { readonly what?: string }> {}
