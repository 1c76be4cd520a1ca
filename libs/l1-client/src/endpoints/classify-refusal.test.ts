import { expect } from "chai";
import { classifyRefusal, type Refusal } from "./classify-refusal.js";

/** As clients have answered. */
const refusals: readonly (readonly [Refusal, string, string])[] = [
  ["known", "Geth", "already known"],
  ["known", "Nethermind", "AlreadyKnown"],
  ["known", "Besu", "Known transaction"],
  ["known", "Anvil", "transaction already imported"],
  ["known", "OpenEthereum", "Transaction with the same hash was already imported."],
  ["nonce-used", "Geth", "nonce too low: next nonce 5, tx nonce 4"],
  ["nonce-used", "Nethermind", "OldNonce"],
  ["nonce-used", "Besu", "Nonce too low"],
  ["nonce-used", "a provider", "Transaction nonce has already used"],
  ["underpriced", "Geth", "replacement transaction underpriced"],
  ["underpriced", "Geth, below its least", "transaction underpriced: gas tip cap 0, minimum needed 1"],
  ["underpriced", "Nethermind", "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 1, BaseFee: 7"],
  ["underpriced", "Nethermind, in a full pool", "FeeTooLowToCompete"],
  ["underpriced", "Nethermind, for the same nonce", "ReplacementNotAllowed"],
  ["underpriced", "Besu", "Gas price below configured minimum gas price"],
  ["underpriced", "Reth", "max fee per gas less than block base fee"],
  [
    "insufficient-funds",
    "Geth",
    "insufficient funds for gas * price + value: balance 0, tx cost 21000, overshot 21000",
  ],
  ["insufficient-funds", "Nethermind", "InsufficientFunds, Account balance: 0, cumulative cost: 21000"],
  ["insufficient-funds", "Besu", "Upfront cost exceeds account balance"],
  ["refused", "Geth", "intrinsic gas too low"],
  ["refused", "a full pool", "txpool is full"],
  ["refused", "one without blob transactions", "unknown transaction type"],
  ["refused", "no words", ""],
];

describe("classifyRefusal", () => {
  for (const [refusal, who, text] of refusals)
    it(`${refusal}: ${who}`, () => {
      expect(classifyRefusal(text)).to.equal(refusal);
    });
});
