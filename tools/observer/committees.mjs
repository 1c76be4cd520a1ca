// Sets, seeds, committees and quorums from events and signatures alone (SET-3, SEED-1, COM-1..3, PEND-3, PEND-4).
import {
  AbiCoder,
  concat,
  dataLength,
  dataSlice,
  getAddress,
  keccak256,
  recoverAddress,
  Signature,
  TypedDataEncoder,
} from "ethers";
import { word } from "./hashes.mjs";

const coder = AbiCoder.defaultAbiCoder();

/** The set by epoch, from additions and exits in the order of L1. */
export class ValidatorSets {
  /** `{ epoch, members }`, by rising epoch; a change later in an epoch replaces the entry. */
  #history = [{ epoch: 0n, members: [] }];

  add(pubkey, epoch) {
    this.#change(epoch, members => members.push(getAddress(dataSlice(pubkey, 12))));
  }

  remove(pubkey, epoch) {
    const leaver = getAddress(dataSlice(pubkey, 12));
    this.#change(epoch, members => {
      const at = members.indexOf(leaver);
      // One that was still waiting is in no set.
      if (at === -1) return;
      const last = members.pop();
      if (at < members.length) members[at] = last;
    });
  }

  at(epoch) {
    return this.#history.findLast(entry => entry.epoch <= epoch).members;
  }

  #change(epoch, apply) {
    const members = [...this.#history.at(-1).members];
    apply(members);
    if (this.#history.at(-1).epoch === epoch) this.#history.pop();
    this.#history.push({ epoch, members });
  }
}

/** A Fisher–Yates draw of at most `size` members of a set. */
export function drawCommittee({ epoch, randao, set, size }) {
  const seed = keccak256(coder.encode(["uint256", "uint256"], [epoch, randao]));
  const positions = set.map((_, i) => i);
  const count = Math.min(size, set.length);
  for (let i = 0; i < count; i++) {
    const draw = BigInt(keccak256(concat([seed, word(i)])));
    const j = i + Number(draw % BigInt(set.length - i));
    [positions[i], positions[j]] = [positions[j], positions[i]];
  }
  return positions.slice(0, count).map(position => set[position]);
}

export const commitmentOf = committee => keccak256(concat(committee));

/** Who signed: `{ signers: [index], members: [address] }`, recovered from the packed signatures. */
export function readSignatures(signatures, { parameters, slot, headerHash, archive }) {
  const digest = TypedDataEncoder.hash(
    { name: "SPRTN", version: "1", chainId: parameters.chainId, verifyingContract: parameters.rollup },
    {
      Attestation: [
        { name: "slot", type: "uint32" },
        { name: "headerHash", type: "bytes32" },
        { name: "archive", type: "bytes32" },
      ],
    },
    { slot, headerHash, archive },
  );
  const count = Number(BigInt(dataSlice(signatures, 0, 2)));
  const bitmapBytes = Math.ceil(count / 8);
  const bitmap = Buffer.from(dataSlice(signatures, 2, 2 + bitmapBytes).slice(2), "hex");
  const signers = Array.from({ length: count }, (_, i) => i).filter(i => (bitmap[i >> 3] >> (i & 7)) & 1);
  let signatureAt = 2 + bitmapBytes;
  let addressAt = signatureAt + 64 * signers.length;
  const members = Array.from({ length: count }, (_, i) => {
    if (!signers.includes(i)) return getAddress(dataSlice(signatures, addressAt, (addressAt += 20)));
    const compact = dataSlice(signatures, signatureAt, (signatureAt += 64));
    return recoverAddress(digest, Signature.from(compact));
  });
  return { signers, members, exact: addressAt === dataLength(signatures) };
}
