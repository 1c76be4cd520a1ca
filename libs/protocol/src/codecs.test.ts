import {
  BlockNumber,
  EthAddress,
  Field,
  FIELD_MODULUS,
  jsFieldHasher,
  Slot,
  toHex,
  UnixSeconds,
} from "@sprtn/primitives";
import { ByteListType, ContainerType, UintBigintType, UintNumberType, VectorBasicType } from "@chainsafe/ssz";
import { expect } from "chai";
import { keccak256, TypedDataEncoder } from "ethers";
import fc from "fast-check";
import {
  AuthorizationKind,
  type BlockHeader,
  constants,
  createTx,
  decodeAttestation,
  decodeEffects,
  decodeHeader,
  decodeProposal,
  decodeTx,
  domainSeparator,
  encodeAttestation,
  encodeEffects,
  encodeHeader,
  encodeProposal,
  encodeTx,
  hashTxList,
  leftFilledPath,
  leftFilledRoot,
  MAX_TX_BYTES,
  outHashParent,
  packSignatures,
  payloadDigest,
  ProtocolError,
  publicInputsToFields,
  rootFromLeftFilledPath,
  sha256Parent,
  type Six,
  type Tx,
  type TxEffect,
  type TxPublicInputs,
  unpackSignatures,
} from "./index.js";

/** The wire form of a transaction as a library for SSZ writes it. */
const sszTx = new ContainerType({
  authorization: new UintNumberType(1),
  inputs: new VectorBasicType(new UintBigintType(32), constants.TX_PUBLIC_INPUTS),
  encryptedNotes: new VectorBasicType(new UintBigintType(32), 6),
  proof: new ByteListType(constants.MAX_PROOF_BYTES),
});
const sszOf = ({ authorization, inputs, encryptedNotes, proof }: Tx) =>
  sszTx.serialize({ authorization, inputs: publicInputsToFields(inputs), encryptedNotes: [...encryptedNotes], proof });

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(Field);
const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytes => EthAddress(toHex(bytes)));
const fees = fc.record({ perL2Gas: uint(64), perDaGas: uint(64) });
const six = fc.tuple(field, field, field, field, field, field) as fc.Arbitrary<Six<Field>>;

const header: fc.Arbitrary<BlockHeader> = fc.record({
  lastArchive: field,
  number: u32.map(BlockNumber),
  slot: u32.map(Slot),
  timestamp: fc.integer({ min: 0, max: 2 ** 40 }).map(UnixSeconds),
  coinbase: address,
  feeRecipient: field,
  baseFees: fees,
  daHash: field,
  inHash: field,
  outHash: field,
  txCount: u32,
  totalBaseFees: uint(128),
  totalL2Gas: uint(64),
  totalDaGas: uint(64),
  stateHash: field,
});

const write = fc.record({ slot: field, value: field });
const effect: fc.Arbitrary<TxEffect> = fc.record({
  txHash: field,
  reverted: fc.boolean(),
  fee: uint(128),
  nullifiers: fc.tuple(field, field),
  noteHashes: fc.tuple(field, field),
  writes: fc.tuple(write, write, write, write),
  l2ToL1Message: field,
  encryptedNotes: six,
});

const inputs: fc.Arbitrary<TxPublicInputs> = fc.record({
  chainId: uint(64),
  rollupVersion: uint(64),
  anchorNoteHashRoot: field,
  expirationSlot: u32.map(Slot),
  nullifiers: fc.tuple(field, field),
  noteHashes: fc.tuple(field, field),
  encryptedNotesHash: field,
  publicSender: field,
  call: fc.record({ kind: fc.integer({ min: 0, max: 5 }), target: field, amount: uint(128), message: field }),
  feePayer: field,
  feeFromNotes: uint(128),
  gas: fc.record({
    l2GasLimit: u32,
    daGasLimit: u32,
    l2TeardownGasLimit: u32,
    daTeardownGasLimit: u32,
    maxFees: fees,
    priorityFees: fees,
  }),
});

const runs = { numRuns: 50 };

describe("codecs", () => {
  it("a header round-trips; any other length is refused", () => {
    fc.assert(
      fc.property(header, value => {
        const bytes = encodeHeader(value);
        expect(bytes.length).to.equal(constants.HEADER_LENGTH);
        expect(decodeHeader(bytes)).to.deep.equal(value);
        expect(() => decodeHeader(bytes.slice(1))).to.throw(ProtocolError, "284 bytes");
      }),
      runs,
    );
  });

  it("a header with a field beyond the modulus or a reserved byte set is refused", () => {
    const [value] = fc.sample(header, 1);
    const tooBig = encodeHeader(value!).fill(0xff, 0, 32);
    expect(() => decodeHeader(tooBig)).to.throw(ProtocolError, "lastArchive is not a field");
    const reserved = encodeHeader(value!);
    reserved[283] = 1;
    expect(() => decodeHeader(reserved)).to.throw(ProtocolError, "reserved");
  });

  it("effects round-trip; torn, oversized or non-field ones are refused", () => {
    fc.assert(
      fc.property(fc.array(effect, { maxLength: 4 }), values => {
        const bytes = encodeEffects(values);
        expect(decodeEffects(bytes)).to.deep.equal(values);
        if (bytes.length > 0) {
          expect(() => decodeEffects(bytes.slice(1))).to.throw(ProtocolError, "multiple");
          expect(() => decodeEffects(bytes.slice().fill(0xff, 0, 32))).to.throw(
            ProtocolError,
            "value 0 is not a field",
          );
          expect(() => decodeEffects(bytes.slice().fill(2, 63, 64))).to.throw(ProtocolError, "revert flag");
        }
      }),
      runs,
    );
  });

  it("a transaction round-trips; every strict prefix and a longer one is refused", () => {
    fc.assert(
      fc.property(inputs, six, fc.uint8Array({ maxLength: 100 }), (value, encryptedNotes, proof) => {
        const tx = createTx(jsFieldHasher, {
          authorization: AuthorizationKind.PROOF,
          inputs: value,
          encryptedNotes,
          proof,
        });
        const bytes = encodeTx(tx);
        expect(decodeTx(jsFieldHasher, bytes)).to.deep.equal(tx);
        // A Buffer's slice is no copy: what was decoded is passed on, and must be what came.
        const received = Buffer.from(bytes);
        expect(decodeTx(jsFieldHasher, received)).to.deep.equal(tx);
        expect(received.equals(bytes)).to.equal(true);
        expect(bytes).to.deep.equal(sszOf(tx));
        const offset = constants.TX_PUBLIC_INPUTS * 32 + 6 * 32 + 1;
        expect(() => decodeTx(jsFieldHasher, bytes.with(offset, 0))).to.throw(ProtocolError, "not an encoding");
        expect(() => decodeTx(jsFieldHasher, bytes.slice(0, 900))).to.throw(ProtocolError, "not a transaction");
        expect(() => decodeTx(jsFieldHasher, new Uint8Array(MAX_TX_BYTES + 1))).to.throw(ProtocolError, "at most");
        expect(() => decodeTx(jsFieldHasher, bytes.with(0, 2))).to.throw(ProtocolError, "authorization kind 2");
      }),
      runs,
    );
  });

  it("random bytes never decode into something else than a coded error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), bytes => {
        for (const decode of [
          (b: Uint8Array) => decodeTx(jsFieldHasher, b),
          decodeProposal,
          decodeAttestation,
          decodeEffects,
          decodeHeader,
          unpackSignatures,
        ]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).to.be.instanceOf(ProtocolError);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("proposals and attestations round-trip", () => {
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(
        fc.record({ header, archive: field, txHashes: fc.array(field, { maxLength: 5 }), signature }),
        proposal => {
          expect(decodeProposal(encodeProposal(proposal))).to.deep.equal(proposal);
          const { archive, signature: sig } = proposal;
          const attestation = { slot: proposal.header.slot, headerHash: archive, archive, signature: sig };
          expect(decodeAttestation(encodeAttestation(attestation))).to.deep.equal(attestation);
        },
      ),
      runs,
    );
  });

  it("packed signatures round-trip; wrong lengths and stray bits are refused (PEND-4)", () => {
    const member = fc.oneof(
      fc.uint8Array({ minLength: 64, maxLength: 64 }).map(signature => ({ signature })),
      address.map(value => ({ address: value })),
    );
    fc.assert(
      fc.property(fc.array(member, { maxLength: 20 }), members => {
        const bytes = packSignatures(members);
        expect(unpackSignatures(bytes)).to.deep.equal(members);
        expect(() => unpackSignatures(Uint8Array.of(...bytes, 0))).to.throw(ProtocolError);
        if (members.length % 8 !== 0) {
          const last = 1 + Math.ceil(members.length / 8);
          expect(() => unpackSignatures(bytes.with(last, bytes[last]! | 0x80))).to.throw(ProtocolError, "is set");
        }
      }),
      runs,
    );
  });
});

describe("left-filled tree", () => {
  it("a leaf's path leads to the root, for every size and index", () => {
    for (let count = 1; count <= 17; count++) {
      const leaves = Array.from({ length: count }, (_, i) => Field(i % 3));
      for (const parent of [sha256Parent, outHashParent]) {
        const root = leftFilledRoot(leaves, parent);
        leaves.forEach((leaf, i) =>
          expect(rootFromLeftFilledPath(leaf, leftFilledPath(leaves, i, parent), parent)).to.equal(root),
        );
      }
    }
  });

  it("fills the left: five leaves are four and one", () => {
    const leaves = [1, 2, 3, 4, 5].map(Field);
    const left = sha256Parent(sha256Parent(Field(1), Field(2)), sha256Parent(Field(3), Field(4)));
    expect(leftFilledRoot(leaves, sha256Parent)).to.equal(sha256Parent(left, Field(5)));
    expect(() => leftFilledPath(leaves, 5, sha256Parent)).to.throw(ProtocolError, "no leaf 5");
  });

  it("no messages: outHash is 0", () => {
    expect(leftFilledRoot([0, 0, 0].map(Field), outHashParent)).to.equal(0n);
    expect(leftFilledRoot([], outHashParent)).to.equal(0n);
  });
});

describe("EIP-712", () => {
  it("digests are those of ethers", () => {
    const rollup = EthAddress("0x00000000000000000000000000000000000000aa");
    const separator = domainSeparator({ chainId: 31337n, rollup });
    const payload = { headerHash: Field(1), archive: Field(2) };
    const txsHash = hashTxList([Field(3), Field(4)]);
    const word = (value: number) => `0x${String(value).padStart(64, "0")}`;
    const expected = (type: string, values: Record<string, string>) =>
      TypedDataEncoder.hash(
        { name: "SPRTN", version: "1", chainId: 31337n, verifyingContract: rollup },
        { [type]: Object.keys(values).map(name => ({ name, type: name === "slot" ? "uint32" : "bytes32" })) },
        values,
      );
    for (const slot of [0, 7, 2 ** 32 - 1].map(Slot)) {
      expect(payloadDigest(separator, "Attestation", { ...payload, slot })).to.equal(
        expected("Attestation", { slot: String(slot), headerHash: word(1), archive: word(2) }),
      );
    }
    expect(payloadDigest(separator, "Proposal", { ...payload, txsHash })).to.equal(
      expected("Proposal", { headerHash: word(1), archive: word(2), txsHash }),
    );
    expect(txsHash).to.equal(keccak256(word(3) + word(4).slice(2)));
    expect(txsHash).not.to.equal(hashTxList([Field(4), Field(3)]));
  });
});
