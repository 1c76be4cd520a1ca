import { concat, Signature, SigningKey, toBeHex, TypedDataEncoder, Wallet } from "ethers";
import { ethers } from "./network.ts";

/** Deterministic attesters. */
export function attesters(count: number): Wallet[] {
  return Array.from({ length: count }, (_, index) => new Wallet(ethers.id(`attester ${index}`)));
}

export const pubkeyOf = (address: string) => ethers.zeroPadValue(address, 32);

/** What attesters sign. */
export interface Attested {
  readonly slot: number;
  readonly headerHash: string;
  readonly archive: string;
}

/** PEND-4's packing of `signers` (committee indices) of a committee given in order. */
export async function packSignatures(
  rollup: string,
  attested: Attested,
  { committee, signers }: { readonly committee: readonly Wallet[]; readonly signers: readonly number[] },
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork();
  const digest = TypedDataEncoder.hash(
    { name: "SPRTN", version: "1", chainId, verifyingContract: rollup },
    {
      Attestation: [
        { name: "slot", type: "uint32" },
        { name: "headerHash", type: "bytes32" },
        { name: "archive", type: "bytes32" },
      ],
    },
    { ...attested },
  );
  const bitmap = new Uint8Array(Math.ceil(committee.length / 8));
  for (const index of signers) bitmap[index >> 3]! |= 1 << (index & 7);
  const signed = new Set(signers);
  return concat([
    toBeHex(committee.length, 2),
    bitmap,
    ...committee.flatMap((member, index) => (signed.has(index) ? [compact(member.signingKey, digest)] : [])),
    ...committee.flatMap((member, index) => (signed.has(index) ? [] : [member.address])),
  ]);
}

function compact(key: SigningKey, digest: string): string {
  return Signature.from(key.sign(digest)).compactSerialized;
}
