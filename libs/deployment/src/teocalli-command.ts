import { Bytes32, EthAddress, type Hex, type UnixSeconds } from "@sprtn/primitives";
import { AbiCoder, computeAddress, recoverAddress, SigningKey, TypedDataEncoder } from "ethers";

/** One call of a command. */
export interface TeocalliCall {
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

/** Which Teocalli a command is for. */
export interface TeocalliPlace {
  readonly address: EthAddress;
  readonly chainId: bigint;
}

const fields = (...declarations: string[]) =>
  declarations.map(text => ({ type: text.split(" ")[0] as string, name: text.split(" ")[1] as string }));
const types = {
  Command: fields("Call[] calls", "uint256 nonce", "uint256 deadline"),
  Call: fields("address target", "uint256 value", "bytes data"),
};

/** The EIP-712 digest that Teocalli's signers sign. */
export function commandDigest({ address, chainId }: TeocalliPlace, command: TeocalliCommand): Bytes32 {
  const domain = { name: "SPRTN", version: "1", chainId, verifyingContract: address };
  const { nonce, deadline } = command;
  return Bytes32(TypedDataEncoder.hash(domain, types, { calls: callsOf(command), nonce, deadline }));
}

/** A signer's 65 bytes for a digest. */
export function signCommand(digest: Bytes32, key: Bytes32): string {
  return new SigningKey(key).sign(digest).serialized;
}

/** Whose signature it is; `undefined` for what is none. */
export function commandSigner(digest: Bytes32, signature: string): EthAddress | undefined {
  try {
    return EthAddress(recoverAddress(digest, signature).toLowerCase() as Hex);
  } catch {
    return undefined;
  }
}

/** The bytes that Teocalli.execute takes; signers are put into their order. */
export function encodeCommand(
  command: TeocalliCommand,
  signatures: readonly { readonly signer: EthAddress; readonly signature: string }[],
): string {
  const { nonce, deadline } = command;
  const ascending = signatures
    .toSorted((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1))
    .map(({ signature }) => signature);
  return AbiCoder.defaultAbiCoder().encode(
    ["(address target,uint256 value,bytes data)[]", "uint256", "uint256", "bytes[]"],
    [callsOf(command), nonce, deadline, ascending],
  );
}

/** The bytes that Teocalli.execute takes: the command and the signatures of these keys. */
export function signedCommand(teocalli: TeocalliPlace, command: TeocalliCommand, keys: readonly Bytes32[]): string {
  const digest = commandDigest(teocalli, command);
  const signatures = keys.map(key => ({
    signer: EthAddress(computeAddress(key).toLowerCase() as Hex),
    signature: signCommand(digest, key),
  }));
  return encodeCommand(command, signatures);
}

function callsOf({ calls }: TeocalliCommand) {
  return calls.map(({ target, value = 0n, data }) => ({ target, value, data }));
}
