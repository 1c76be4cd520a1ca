import { constants, encodeEffects, hashEffects, leftFilledRoot, packSignatures, sha256Parent } from "@sprtn/protocol";
import { concatBytes, sha256ToField, toHex } from "@sprtn/primitives";
import { buildEffect } from "@sprtn/testing";
import { expect } from "chai";
import { committeeSizeOf, planEffects } from "./effects-chunks.js";

const { EFFECTS_CHUNK_TXS, MAX_EFFECTS_CALLDATA_BYTES, TX_EFFECT_BYTES } = constants;
const effects = (count: number) => Array.from({ length: count }, (_, index) => buildEffect(index));

describe("planEffects (PEND-5)", () => {
  const most = Math.floor(MAX_EFFECTS_CALLDATA_BYTES / TX_EFFECT_BYTES);

  for (const [count, chunks, rest] of [
    [0, 0, 0],
    [1, 0, 1],
    [most, 0, most],
    [most + 1, 1, most + 1 - EFFECTS_CHUNK_TXS],
    [2 * EFFECTS_CHUNK_TXS, 2, 0],
    [320, 2, 64],
  ] as const) {
    it(`${count} transactions: ${chunks} chunks and ${rest} with the proposal, all in order, the same hash`, () => {
      const bytes = encodeEffects(effects(count));
      const plan = planEffects(bytes);
      expect(plan.chunks).to.have.length(chunks);
      expect(plan.last.length).to.equal(rest * TX_EFFECT_BYTES);
      expect(toHex(concatBytes(...plan.chunks.map(chunk => chunk.bytes), plan.last))).to.equal(toHex(bytes));
      const restHashes = Array.from({ length: rest }, (_, i) =>
        sha256ToField(plan.last.subarray(i * TX_EFFECT_BYTES, (i + 1) * TX_EFFECT_BYTES)),
      );
      const roots = [
        ...plan.chunks.map(chunk => chunk.root),
        ...(rest === 0 ? [] : [leftFilledRoot(restHashes, sha256Parent)]),
      ];
      expect(leftFilledRoot(roots, sha256Parent)).to.equal(hashEffects(effects(count)));
    });
  }

  it("reads the committee's size off packed signatures", () => {
    expect(committeeSizeOf(packSignatures([]))).to.equal(0);
    expect(
      committeeSizeOf(packSignatures(Array.from({ length: 300 }, () => ({ signature: new Uint8Array(64) })))),
    ).to.equal(300);
  });
});
