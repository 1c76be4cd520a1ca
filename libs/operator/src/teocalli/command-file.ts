import type { TeocalliCommand } from "@sprtn/deployment";
import { EthAddress, type Hex, isHex, UnixSeconds } from "@sprtn/primitives";
import { isRecord } from "../host/json-http.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

const VERSION = 1;
/** A file is for people to read before they sign it. */
const [MOST_BYTES, MOST_CALLS, MOST_SIGNATURES] = [2 ** 20, 200, 200];

/** A command on its way from whoever proposes it to whoever executes it, and who has signed it by now. */
export interface CommandFile {
  readonly chainId: bigint;
  /** Address of the Teocalli that it is for. */
  readonly teocalli: EthAddress;
  readonly command: TeocalliCommand;
  /** 65 bytes each, in no particular order. */
  readonly signatures: readonly string[];
}

/** JSON, for `--file`. */
export function encodeCommandFile({ chainId, teocalli, command, signatures }: CommandFile): string {
  const { calls, nonce, deadline } = command;
  const content = {
    version: VERSION,
    chainId: chainId.toString(),
    teocalli,
    nonce,
    deadline,
    calls: calls.map(({ target, value = 0n, data }) => ({ target, value: value.toString(), data })),
    signatures,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** @throws OperatorError USAGE for what `teocalli propose` does not write */
export function decodeCommandFile(path: string, text: string): CommandFile {
  const file = text.length > MOST_BYTES ? undefined : fileFrom(text);
  if (file !== undefined) return file;
  throw new OperatorError(
    OperatorErrorCode.USAGE,
    `${path} holds no command of Teocalli: give a file as sprtn teocalli propose writes it`,
    { path },
  );
}

function fileFrom(text: string): CommandFile | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(content) || content.version !== VERSION) return undefined;
  const { chainId, teocalli, nonce, deadline, calls, signatures } = content;
  if (!isDecimal(chainId) || !isBytes(teocalli, 20) || !isCount(nonce) || !isCount(deadline)) return undefined;
  if (!Array.isArray(calls) || calls.length > MOST_CALLS) return undefined;
  if (!Array.isArray(signatures) || signatures.length > MOST_SIGNATURES) return undefined;
  const read = calls.map(callFrom);
  if (!signatures.every(each => isBytes(each, 65)) || !read.every(each => each !== undefined)) return undefined;
  return {
    chainId: BigInt(chainId),
    teocalli: EthAddress(teocalli.toLowerCase() as Hex),
    command: { calls: read, nonce, deadline: UnixSeconds(deadline) },
    signatures: signatures as readonly string[],
  };
}

function callFrom(call: unknown): TeocalliCommand["calls"][number] | undefined {
  if (!isRecord(call)) return undefined;
  const { target, value, data } = call;
  if (!isBytes(target, 20) || !isDecimal(value) || !isBytes(data, undefined)) return undefined;
  return { target: EthAddress(target.toLowerCase() as Hex), value: BigInt(value), data };
}

function isBytes(value: unknown, length: number | undefined): value is Hex {
  if (typeof value !== "string" || !isHex(value) || value.length % 2 !== 0) return false;
  return length === undefined || value.length === 2 + 2 * length;
}

function isDecimal(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,78}$/.test(value) && BigInt(value) < 2n ** 256n;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
