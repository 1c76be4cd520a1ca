import { Bytes32, messageOf } from "@sprtn/primitives";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

/** An L1 key and its account. */
export interface OpenedKey {
  /** 0x and 64 digits. */
  readonly privateKey: Bytes32;
  /** 0x and 40 digits, lower case. */
  readonly address: string;
}

/** A key from what its file holds: 64 hex digits, or a keystore (Web3 v3) and its password. @throws BAD_KEY */
export async function openKey(text: string, password: string | undefined): Promise<OpenedKey> {
  const content = text.trim();
  const hex = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(content)?.[1];
  if (hex === undefined) return fromKeystore(content, password);
  const { computeAddress } = await import("ethers");
  const privateKey = Bytes32(`0x${hex.toLowerCase()}`);
  try {
    return { privateKey, address: computeAddress(privateKey).toLowerCase() };
  } catch (cause) {
    throw badKey("is 0 or not below the curve's order: make a new one with `sprtn keys new`", cause);
  }
}

async function fromKeystore(content: string, password: string | undefined): Promise<OpenedKey> {
  const { decryptKeystoreJson, isKeystoreJson } = await import("ethers");
  if (!isKeystoreJson(content))
    throw badKey("is neither 64 hex digits nor a Web3 keystore (version 3): give a file that is", undefined);
  if (password === undefined) throw badKey("is encrypted: give the file that holds its password with --password-file");
  try {
    const { privateKey, address } = await decryptKeystoreJson(content, password);
    return { privateKey: Bytes32(privateKey.toLowerCase()), address: address.toLowerCase() };
  } catch (cause) {
    throw badKey(`cannot be decrypted (${messageOf(cause).slice(0, 80)}): see that the password is its own`, cause);
  }
}

function badKey(what: string, cause?: unknown): OperatorError {
  return new OperatorError(OperatorErrorCode.BAD_KEY, `the key ${what}`, {}, { cause });
}
