import type { Bytes32, EthAddress, UnixSeconds } from "@sprtn/primitives";
import { AbiCoder, computeAddress, SigningKey, TypedDataEncoder } from "ethers";

/** One call of a command. */
interface TeocalliCall {
  readonly target: EthAddress;
  /** Wei that Teocalli sends along; none unless told. */
  readonly value?: bigint;
  /** `0x` for a plain transfer of ether. */
  readonly data: string;
}

/** Calls that are executed in order, all or none. No calls at all: a command that only uses up its nonce. */
export interface TeocalliCommand {
  readonly calls: readonly TeocalliCall[];
  readonly nonce: number;
  /** The last second in which it can be executed. */
  readonly deadline: UnixSeconds;
}

const fields = (...declarations: string[]) =>
  declarations.map(text => ({ type: text.split(" ")[0] as string, name: text.split(" ")[1] as string }));
const types = {
  Command: fields("Call[] calls", "uint256 nonce", "uint256 deadline"),
  Call: fields("address target", "uint256 value", "bytes data"),
};

/** The bytes that Teocalli.execute takes: the command and its signatures, signers ascending. */
export function signedCommand(
  teocalli: { readonly address: EthAddress; readonly chainId: bigint },
  command: TeocalliCommand,
  keys: readonly Bytes32[],
): string {
  const domain = { name: "SPRTN", version: "1", chainId: teocalli.chainId, verifyingContract: teocalli.address };
  const { nonce, deadline } = command;
  const calls = command.calls.map(({ target, value = 0n, data }) => ({ target, value, data }));
  const digest = TypedDataEncoder.hash(domain, types, { calls, nonce, deadline });
  const signatures = keys
    .map(key => ({ signer: BigInt(computeAddress(key)), signature: new SigningKey(key).sign(digest).serialized }))
    .toSorted((a, b) => (a.signer < b.signer ? -1 : 1))
    .map(({ signature }) => signature);
  return AbiCoder.defaultAbiCoder().encode(
    ["(address target,uint256 value,bytes data)[]", "uint256", "uint256", "bytes[]"],
    [calls, nonce, deadline, signatures],
  );
}
