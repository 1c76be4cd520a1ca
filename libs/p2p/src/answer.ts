import { concatBytes } from "@sprtn/primitives";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

/** First byte of an answer. */
export enum AnswerStatus {
  /** The rest is the content. */
  OK = 0,
  /** The rest is an error code in ASCII. */
  REFUSED = 1,
  /** Nothing follows. */
  RATE_LIMITED = 2,
}

export type Answer =
  | { readonly status: AnswerStatus.OK; readonly content: Uint8Array }
  | { readonly status: AnswerStatus.REFUSED; readonly code: string }
  | { readonly status: AnswerStatus.RATE_LIMITED };

const MAX_CODE_LENGTH = 64;
const codePattern = /^[A-Z0-9_]{1,64}$/;

/** Bytes that an answer with `contentBytes` takes at most; errors are short, but never cut by a small limit. */
export function maxAnswerBytes(contentBytes: number): number {
  return 1 + Math.max(contentBytes, MAX_CODE_LENGTH);
}

export function encodeAnswer(answer: Answer): Uint8Array {
  if (answer.status === AnswerStatus.OK) return concatBytes(Uint8Array.of(AnswerStatus.OK), answer.content);
  if (answer.status === AnswerStatus.RATE_LIMITED) return Uint8Array.of(AnswerStatus.RATE_LIMITED);
  const code = codePattern.test(answer.code) ? answer.code : "UNEXPECTED";
  return concatBytes(Uint8Array.of(AnswerStatus.REFUSED), new TextEncoder().encode(code));
}

/** @throws MALFORMED */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const content = bytes.subarray(1);
  switch (bytes[0]) {
    case AnswerStatus.OK:
      return { status: AnswerStatus.OK, content };
    case AnswerStatus.RATE_LIMITED:
      if (content.length === 0) return { status: AnswerStatus.RATE_LIMITED };
      break;
    case AnswerStatus.REFUSED: {
      const code = content.length > MAX_CODE_LENGTH ? "" : String.fromCharCode(...content);
      if (codePattern.test(code)) return { status: AnswerStatus.REFUSED, code };
    }
  }
  throw new P2pError(
    P2pErrorCode.MALFORMED,
    "the answer has no known status or a malformed error code: the peer runs different software",
    {},
  );
}
