import { BlockNumber, type Field, Slot, ZERO_FIELD } from "@sprtn/primitives";
import { CallKind, FEES_OFF, gasOf, maxFeeOf } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { selectNotes } from "../notes/select-notes.js";
import type { StoredNote } from "../notes/stored-note.js";
import type { ScannedBlock } from "../scan/scan-state.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { commonAnchor, expirationSlot } from "./choose-anchor.js";
import { feePolicyIn, gasSettings, onFeeGrid } from "./gas-settings.js";

const policy = { publicMarginPercent: 300, notesMarginPercent: 150, priorityFees: { perL2Gas: 3n, perDaGas: 2n } };
const baseFees = { perL2Gas: 101n, perDaGas: 1n };

describe("gasSettings", () => {
  for (const kind of [0, 1, 2, 3, 4, 5] as CallKind[]) {
    it(`limits a ${CallKind[kind].toLowerCase()} to what it uses`, () => {
      for (const noteCount of [0, 1, 2]) {
        for (const feePayer of [ZERO_FIELD, 9n as Field]) {
          const gas = gasSettings({ kind, noteCount, feePayer }, baseFees, policy);
          const inputs = {
            call: { kind, target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD },
            noteHashes: [noteCount > 0 ? 1n : 0n, noteCount > 1 ? 1n : 0n] as [Field, Field],
            feePayer,
            gas,
          };
          expect(gasOf(inputs)).to.deep.equal({ l2: BigInt(gas.l2GasLimit), da: BigInt(gas.daGasLimit) });
          expect([gas.l2TeardownGasLimit, gas.daTeardownGasLimit]).to.deep.equal([0, 0]);
        }
      }
    });
  }

  it("leaves room above the base fees and the priority, on a grid of powers of two", () => {
    const notes = gasSettings({ kind: CallKind.NONE, noteCount: 2, feePayer: ZERO_FIELD }, baseFees, policy);
    // 152 + 4 and 2 + 2.
    expect(notes.maxFees).to.deep.equal({ perL2Gas: 256n, perDaGas: 4n });
    expect(notes.priorityFees).to.deep.equal({ perL2Gas: 4n, perDaGas: 2n });
    const payer = 1n as Field;
    const fromPublic = gasSettings({ kind: CallKind.NONE, noteCount: 2, feePayer: payer }, baseFees, policy);
    expect(fromPublic.maxFees).to.deep.equal({ perL2Gas: 512n, perDaGas: 8n });
  });

  it("says the same while base fees move within a step, never less than the margin", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fee => {
        const rounded = onFeeGrid(fee);
        expect(rounded >= fee && (fee < 2n || rounded < 2n * fee)).to.equal(true);
        expect(rounded === 2n ** 64n - 1n || (rounded & (rounded - 1n)) === 0n).to.equal(true);
        expect(onFeeGrid(rounded)).to.equal(rounded);
      }),
    );
  });

  it("TX-2: pays the base fee and nothing else where fees are off, unless a tip is wanted", () => {
    const free = { ...policy, priorityFees: { perL2Gas: 0n, perDaGas: 0n } };
    const { initialBaseFees } = FEES_OFF;
    const feesOf = (feePayer: Field, terms: typeof policy, parameters: typeof FEES_OFF) =>
      gasSettings({ kind: CallKind.NONE, noteCount: 2, feePayer }, initialBaseFees, feePolicyIn(parameters, terms));
    for (const feePayer of [ZERO_FIELD, 1n as Field]) {
      const gas = feesOf(feePayer, free, FEES_OFF);
      expect(gas.maxFees).to.deep.equal(initialBaseFees);
      expect(maxFeeOf(gas)).to.equal(BigInt(gas.l2GasLimit + gas.daGasLimit));
      // On the grid: 1 + 4 and 1 + 2.
      expect(feesOf(feePayer, policy, FEES_OFF).maxFees).to.deep.equal({ perL2Gas: 8n, perDaGas: 4n });
    }
    // The same base fees may rise with another target.
    const rising = { ...FEES_OFF, gasTarget: { l2: 1n, da: 1n } };
    expect(feesOf(ZERO_FIELD, free, rising).maxFees).to.deep.equal({ perL2Gas: 2n, perDaGas: 2n });
  });

  it("stays a u64", () => {
    const top = 2n ** 64n - 1n;
    expect(
      gasSettings({ kind: CallKind.NONE, noteCount: 2, feePayer: ZERO_FIELD }, { perL2Gas: top, perDaGas: top }, policy)
        .maxFees,
    ).to.deep.equal({ perL2Gas: top, perDaGas: top });
  });
});

describe("selectNotes", () => {
  const notes = (values: readonly bigint[]) =>
    values.map((value, i) => ({ value, uniqueHash: BigInt(i) }) as StoredNote);
  const select = (values: readonly bigint[], needed: bigint, more: { inFlight?: bigint; keepAtMost?: number } = {}) =>
    selectNotes({ needed, free: notes(values), inFlight: more.inFlight ?? 0n, keepAtMost: more.keepAtMost ?? 100 }).map(
      note => note.value,
    );
  const refuses = (code: WalletErrorCode, values: readonly bigint[], [needed, inFlight = 0n]: readonly bigint[]) =>
    expect(() => select(values, needed as bigint, { inFlight }))
      .to.throw(WalletError)
      .with.property("code", code);

  it("takes the smallest note that suffices, else the smallest pair", () => {
    expect(select([5n, 20n, 10n], 7n)).to.deep.equal([10n]);
    expect(select([5n, 6n, 7n, 8n], 13n)).to.deep.equal([5n, 8n]);
    expect(select([5n, 20n, 10n], 7n, { keepAtMost: 2 })).to.deep.equal([10n, 5n]);
  });

  it("says whether notes are missing, in flight, or too small", () => {
    refuses(WalletErrorCode.NOTES_FRAGMENTED, [5n, 5n, 5n], [12n]);
    refuses(WalletErrorCode.NOTES_IN_FLIGHT, [5n], [12n, 7n]);
    refuses(WalletErrorCode.INSUFFICIENT_NOTES, [5n], [12n, 6n]);
    refuses(WalletErrorCode.INSUFFICIENT_NOTES, [], [1n]);
  });

  it("finds the best choice that trying everything finds", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 50n), { maxLength: 8 }), fc.bigInt(1n, 100n), (values, needed) => {
        const singles = values.filter(value => value >= needed);
        const pairs = values.flatMap((a, i) => values.slice(i + 1).map(b => a + b)).filter(sum => sum >= needed);
        const least = (candidates: readonly bigint[]) => candidates.reduce((low, value) => (value < low ? value : low));
        if (singles.length > 0) expect(select(values, needed)).to.deep.equal([least(singles)]);
        else if (pairs.length > 0) expect(select(values, needed).reduce((a, b) => a + b)).to.equal(least(pairs));
        else expect(() => select(values, needed)).to.throw(WalletError);
      }),
    );
  });
});

describe("commonAnchor", () => {
  const block = (number: number, slot: number): ScannedBlock => ({
    number: BlockNumber(number),
    hash: ZERO_FIELD,
    archive: ZERO_FIELD,
    slot: Slot(slot),
    txsAfter: 0,
    peaks: [],
  });
  const blocks = [block(0, 0), block(3, 7), block(4, 9), block(5, 15), block(6, 17), block(7, 18)];
  const choose = (more: { finalized?: number; currentSlot?: number } = {}) =>
    commonAnchor({
      blocks,
      finalized: BlockNumber(more.finalized ?? 3),
      currentSlot: Slot(more.currentSlot ?? 20),
      epochDuration: 8,
    }).number;

  it("is the last block before the current epoch, the same for everybody in it", () => {
    expect([16, 20, 23].map(currentSlot => choose({ currentSlot }))).to.deep.equal([5, 5, 5]);
    expect(choose({ currentSlot: 24 })).to.equal(7);
  });

  it("is not older than the finalized block", () => {
    expect(choose({ finalized: 6 })).to.equal(6);
    expect(choose({ finalized: 99 })).to.equal(7);
    expect(choose({ currentSlot: 3, finalized: 0 })).to.equal(0);
  });

  it("expires a transaction at the end of an epoch", () => {
    expect([16, 20, 23, 24].map(slot => expirationSlot(Slot(slot), 8, 1))).to.deep.equal([31, 31, 31, 39]);
    expect(expirationSlot(Slot(20), 8, 0)).to.equal(23);
    expect(expirationSlot(Slot(2 ** 32 - 2), 8, 5)).to.equal(2 ** 32 - 1);
  });
});
