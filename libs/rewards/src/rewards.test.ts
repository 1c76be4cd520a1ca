import { BlockNumber, EthAddress, Wei } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { RewardLedger, splitProvenReward } from "./index.js";

const address = (n: number) => EthAddress(`0x${n.toString(16).padStart(40, "0")}`);
const parameters = { pendingReward: Wei(10n), provenReward: Wei(101n), proverShareBps: 3000 };

describe("rewards", () => {
  it("the parts of a proven reward add up to the whole", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        fc.integer({ min: 0, max: 10_000 }),
        (reward, proverShareBps) => {
          const { toProver, toCoinbase } = splitProvenReward({ provenReward: Wei(reward), proverShareBps });
          return toProver + toCoinbase === reward && toProver <= reward;
        },
      ),
    );
  });

  it("PROV-4: a prune keeps pending rewards and pays no proven ones", () => {
    const ledger = new RewardLedger(parameters);
    ledger.blockAccepted({ number: BlockNumber(1), coinbase: address(1) });
    ledger.blockAccepted({ number: BlockNumber(2), coinbase: address(2) });
    ledger.blocksProven(BlockNumber(1), address(9));
    ledger.pruned();
    ledger.blockAccepted({ number: BlockNumber(2), coinbase: address(1) });
    ledger.blocksProven(BlockNumber(2), address(9));
    expect(ledger.creditOf(address(1))).to.equal(10n + 71n + 10n + 71n);
    expect(ledger.creditOf(address(2))).to.equal(10n);
    expect(ledger.creditOf(address(9))).to.equal(60n);
  });

  it("INV-8: credits sum to accepted and proven rewards, whatever happens", () => {
    const step = fc.constantFrom("accept", "prove", "prune");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const ledger = new RewardLedger(parameters);
        let [proven, tip, expected] = [0, 0, 0n];
        for (const action of steps) {
          if (action === "accept") {
            ledger.blockAccepted({ number: BlockNumber(++tip), coinbase: address(1 + (tip % 3)) });
            expected += parameters.pendingReward;
          } else if (action === "prove") {
            ledger.blocksProven(BlockNumber(tip), address(9));
            expected += BigInt(tip - proven) * parameters.provenReward;
            proven = tip;
          } else {
            ledger.pruned();
            tip = proven;
          }
        }
        expect(ledger.total()).to.equal(expected);
      }),
    );
  });
});
