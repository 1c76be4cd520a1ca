import type { Bytes32, EthAddress } from "@sprtn/primitives";
import { AbiCoder, SigningKey, TypedDataEncoder, computeAddress } from "ethers";

export interface TeocalliCommand {
  readonly target: EthAddress;
  readonly data: string;
  readonly nonce: number;
}

const types = {
  Command: ["address target", "uint256 value", "bytes data", "uint256 nonce"].map(text => ({
    type: text.split(" ")[0] as string,
    name: text.split(" ")[1] as string,
  })),
};

/** The bytes that Teocalli.execute takes: the command and its signatures, signers ascending (section 7). */
export function signedCommand(
  teocalli: { readonly address: EthAddress; readonly chainId: bigint },
  command: TeocalliCommand,
  keys: readonly Bytes32[],
): string {
  const domain = { name: "SPRTN", version: "1", chainId: teocalli.chainId, verifyingContract: teocalli.address };
  const digest = TypedDataEncoder.hash(domain, types, { ...command, value: 0n });
  const signatures = keys
    .map(key => ({ signer: BigInt(computeAddress(key)), signature: new SigningKey(key).sign(digest).serialized }))
    .toSorted((a, b) => (a.signer < b.signer ? -1 : 1))
    .map(({ signature }) => signature);
  return AbiCoder.defaultAbiCoder().encode(
    ["address", "uint256", "bytes", "uint256", "bytes[]"],
    [command.target, 0n, command.data, command.nonce, signatures],
  );
}
