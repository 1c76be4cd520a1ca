import { genesisAccumulator, type L2Block, nextAccumulator } from "@sprtn/protocol";
import { BlockNumber, Epoch, Field, Slot } from "@sprtn/primitives";
import { buildDeployment } from "@sprtn/testing";
import { expect } from "chai";
import type { AcceptedBlock, L1History } from "../l1/l1-history.js";
import { auditL1 } from "./audit-l1.js";
import { auditNullifiers } from "./audit-supply.js";

const base = buildDeployment();
const deployment = { ...base, parameters: { ...base.parameters, epochDuration: 4 } };

/** Blocks of slots 1, 2, 5; the first two are proven. */
function history(): L1History & { readonly accepted: AcceptedBlock[] } {
  let [lastArchive, accumulator] = [
    deployment.genesis.archive,
    genesisAccumulator(deployment, deployment.genesis.header),
  ];
  const accepted = [1, 2, 5].map((slot, index): AcceptedBlock => {
    const number = index + 1;
    const headerHash = Field(1000 + number);
    const header = { ...deployment.genesis.header, number: BlockNumber(number), slot: Slot(slot), lastArchive };
    [lastArchive, accumulator] = [Field(2000 + number), nextAccumulator(accumulator, headerHash)];
    return { header, headerHash, archive: lastArchive, accumulator, signers: 3, l1Block: 10 * number };
  });
  const [, second] = accepted;
  return {
    head: 100,
    accepted,
    chain: new Map(accepted.map(block => [block.header.number, block])),
    pending: 3,
    proven: 2,
    provenRanges: [{ first: 1, last: 2, archive: Field(2002), held: second }],
    prunes: [],
    committeeSizes: new Map([0, 1].map(epoch => [Epoch(epoch), 4])),
    credited: 0n,
    claimed: 0n,
    creditedAccounts: new Set(),
  };
}

/** The same with one block changed, wherever it stands. */
function withBlock(number: number, change: Partial<AcceptedBlock>): L1History {
  const good = history();
  const accepted = good.accepted.map(block => (block.header.number === number ? { ...block, ...change } : block));
  return { ...good, accepted, chain: new Map(accepted.map(block => [block.header.number, block])) };
}

describe("what L1 says", () => {
  it("passes when it holds together", () => {
    auditL1(history(), deployment);
  });

  const broken: readonly (readonly [string, string, L1History])[] = [
    ["INV-3", "a block without quorum", withBlock(2, { signers: 2 })],
    ["INV-3", "a block of an epoch without a committee", { ...history(), committeeSizes: new Map() }],
    [
      "PEND-1",
      "a gap",
      withBlock(2, { header: { ...history().accepted[1]?.header, lastArchive: Field(9) } as AcceptedBlock["header"] }),
    ],
    [
      "PEND-2",
      "a slot twice",
      withBlock(2, { header: { ...history().accepted[1]?.header, slot: Slot(1) } as AcceptedBlock["header"] }),
    ],
    ["INV-7", "an accumulator of other headers", withBlock(3, { accumulator: Field(7) })],
    [
      "INV-7",
      "a proof of another archive",
      { ...history(), provenRanges: [{ first: 1, last: 2, archive: Field(5), held: history().chain.get(2) }] },
    ],
    [
      "INV-7",
      "a proof that leaves a block out",
      { ...history(), provenRanges: [{ first: 2, last: 2, archive: Field(2002), held: history().chain.get(2) }] },
    ],
    [
      "INV-7",
      "a proven block that is another now",
      withBlock(2, {
        headerHash: Field(5),
        accumulator: nextAccumulator(history().accepted[0]?.accumulator as Field, Field(5)),
      }),
    ],
    [
      "PROV-1",
      "a proof over two epochs",
      {
        ...history(),
        proven: 3,
        provenRanges: [{ first: 1, last: 3, archive: Field(2003), held: history().chain.get(3) }],
      },
    ],
    ["INV-1", "a proven tip that no proof explains", { ...history(), proven: 3 }],
  ];
  for (const [id, what, found] of broken) {
    it(`${id}: ${what}`, () => {
      // The accumulators that follow a changed hash are not what is looked for.
      const one = what.includes("is another now") ? { ...found, pending: 2 } : found;
      expect(() => auditL1(one, deployment)).to.throw(`${id} is broken`);
    });
  }

  it("INV-4: a nullifier twice", () => {
    const block = (number: number, ...nullifiers: number[]) =>
      ({ header: { number }, effects: [{ nullifiers: nullifiers.map(Field) }] }) as unknown as L2Block;
    auditNullifiers([block(1, 1, 2), block(2, 3, 4)]);
    expect(() => auditNullifiers([block(1, 1, 2), block(2, 3, 1)])).to.throw(
      "INV-4 is broken: nullifier 1 is in blocks 1 and 2",
    );
  });
});
