import { concatBytes, Field, FIELD_MODULUS, jsFieldHasher, Slot } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import {
  AuthorizationKind,
  createTx,
  decodeTx,
  decodeTxRequest,
  decodeTxResponse,
  encodeTx,
  encodeTxRequest,
  encodeTxResponse,
  MAX_TX_REQUEST_BYTES,
  MAX_TX_REQUEST_HASHES,
  MAX_TX_RESPONSE_BYTES,
  NO_ENCRYPTED_NOTES,
  ProtocolError,
  type Tx,
} from "./index.js";

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(Field);

function txOf(seed: bigint, proof: Uint8Array): Tx {
  const zero = Field(0n);
  return createTx(jsFieldHasher, {
    authorization: AuthorizationKind.PROOF,
    encryptedNotes: NO_ENCRYPTED_NOTES,
    proof,
    inputs: {
      chainId: 1n,
      rollupVersion: 1n,
      anchorNoteHashRoot: Field(seed),
      expirationSlot: Slot(1),
      nullifiers: [Field(1n), Field(2n)],
      noteHashes: [zero, zero],
      encryptedNotesHash: zero,
      publicSender: zero,
      call: { kind: 0, target: zero, amount: 0n, message: zero },
      feePayer: zero,
      feeFromNotes: 0n,
      gas: {
        l2GasLimit: 0,
        daGasLimit: 0,
        l2TeardownGasLimit: 0,
        daTeardownGasLimit: 0,
        maxFees: { perL2Gas: 0n, perDaGas: 0n },
        priorityFees: { perL2Gas: 0n, perDaGas: 0n },
      },
    },
  });
}

describe("the txs request", () => {
  it("round-trips up to its limit", () => {
    fc.assert(
      fc.property(fc.uniqueArray(field, { minLength: 1, maxLength: MAX_TX_REQUEST_HASHES }), hashes => {
        expect(decodeTxRequest(encodeTxRequest(hashes))).to.deep.equal(hashes);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses too many, none, torn, repeated and non-field hashes", () => {
    const many = Array.from({ length: MAX_TX_REQUEST_HASHES + 1 }, (_, i) => Field(BigInt(i)));
    expect(() => encodeTxRequest(many)).to.throw(ProtocolError, "128 at most");
    expect(() => decodeTxRequest(new Uint8Array(MAX_TX_REQUEST_BYTES + 32))).to.throw(ProtocolError, "expected");
    expect(() => decodeTxRequest(new Uint8Array())).to.throw(ProtocolError, "0 bytes");
    expect(() => decodeTxRequest(new Uint8Array(33))).to.throw(ProtocolError, "not an encoding");
    expect(() => decodeTxRequest(concatBytes(new Uint8Array(32), new Uint8Array(32)))).to.throw(ProtocolError, "twice");
    expect(() => decodeTxRequest(new Uint8Array(32).fill(0xff))).to.throw(ProtocolError, "not a field");
  });
});

describe("the txs answer", () => {
  it("round-trips, the empty one too", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), proofs => {
        const txs = proofs.map((proof, i) => txOf(BigInt(i), proof));
        const parts = decodeTxResponse(encodeTxResponse(txs));
        expect(parts.map(part => decodeTx(jsFieldHasher, part))).to.deep.equal(txs);
      }),
      { numRuns: 20 },
    );
  });

  it("hands out one malformed transaction among good ones for its reader to refuse", () => {
    const good = txOf(1n, new Uint8Array(3));
    const bytes = encodeTxResponse([good, good]);
    bytes[8 + encodeTx(good).length] = 9;
    const [first, second] = decodeTxResponse(bytes);
    expect(decodeTx(jsFieldHasher, first!)).to.deep.equal(good);
    expect(() => decodeTx(jsFieldHasher, second!)).to.throw(ProtocolError, "authorization kind 9");
  });

  it("refuses too many transactions, too many bytes and torn ones", () => {
    const tx = txOf(1n, new Uint8Array(3));
    expect(() => encodeTxResponse(Array.from({ length: MAX_TX_REQUEST_HASHES + 1 }, () => tx))).to.throw(
      ProtocolError,
      "128 at most",
    );
    expect(() => decodeTxResponse(new Uint8Array(MAX_TX_RESPONSE_BYTES + 1))).to.throw(ProtocolError, "at most");
    expect(() => decodeTxResponse(Uint8Array.of(9, 0, 0, 0))).to.throw(ProtocolError, "not an encoding");
  });
});
