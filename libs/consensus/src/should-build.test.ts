import { expect } from "chai";
import { type BuildRules, type BuildSituation, shouldBuild } from "./index.js";

const rules: BuildRules = { minTxPerBlock: 3, minSecondsBetweenBlocks: 10, maxSecondsBetweenBlocks: 60 };
const idle: BuildSituation = { pendingTxs: 0, messageWaits: false, secondsSinceLastBlock: 30 };

const table: readonly (readonly [
  because: string,
  expected: boolean,
  situation: Partial<BuildSituation>,
  rules?: Partial<BuildRules>,
])[] = [
  ["nothing is there", false, {}],
  ["too few transactions", false, { pendingTxs: 2 }],
  ["enough transactions", true, { pendingTxs: 3 }],
  ["one is enough if one is asked for", true, { pendingTxs: 1 }, { minTxPerBlock: 1 }],
  ["a message waits", true, { messageWaits: true }],
  ["the last block is old enough", true, { secondsSinceLastBlock: 60 }],
  ["the last block is not old enough", false, { secondsSinceLastBlock: 59.9, pendingTxs: 2 }],
  [
    "old enough after a second, if that is asked for",
    true,
    { secondsSinceLastBlock: 1 },
    { minSecondsBetweenBlocks: 0, maxSecondsBetweenBlocks: 1 },
  ],
  ["no block is old enough if that is off", false, { secondsSinceLastBlock: 1e9 }, { maxSecondsBetweenBlocks: 0 }],
  [
    "too soon after the last one, whatever waits",
    false,
    { pendingTxs: 100, messageWaits: true, secondsSinceLastBlock: 9.9 },
  ],
  ["just late enough after the last one", true, { pendingTxs: 100, secondsSinceLastBlock: 10 }],
  ["none are needed", true, {}, { minTxPerBlock: 0 }],
  ["none are needed, but too soon", false, { secondsSinceLastBlock: 1 }, { minTxPerBlock: 0 }],
];

describe("whether to build a block", () => {
  for (const [because, expected, situation, change] of table) {
    it(`${expected ? "yes" : "no"}: ${because}`, () => {
      expect(shouldBuild({ ...idle, ...situation }, { ...rules, ...change })).to.equal(expected);
    });
  }
});
