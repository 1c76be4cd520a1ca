import { EthAddress } from "@sprtn/primitives";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { expect } from "chai";
import { requireSense } from "./require-sense.js";
import { SequencerError } from "./sequencer-error.js";
import { sequencerSettings } from "./settings.js";
import { SlotNetwork } from "./test/slot-network.js";

const ZERO = EthAddress(`0x${"00".repeat(20)}`);
const fine = {
  coinbase: EthAddress(`0x${"00".repeat(19)}01`),
  maxTxs: 3,
  minTxPerBlock: 3,
  minSecondsBetweenBlocks: 60,
  maxSecondsBetweenBlocks: 60,
};

describe("a sequencer's settings", () => {
  it("at their bounds are fine", () => {
    expect(() => requireSense(fine)).not.to.throw();
    expect(() => requireSense({ ...fine, maxSecondsBetweenBlocks: 0 })).not.to.throw();
  });

  for (const [change, named] of [
    [{ coinbase: ZERO }, "COINBASE"],
    [{ minTxPerBlock: 4 }, "SEQ_MIN_TX_PER_BLOCK"],
    [{ minSecondsBetweenBlocks: 61 }, "SEQ_MIN_SECONDS_BETWEEN_BLOCKS"],
  ] as const)
    it(`are refused if it would propose for nothing, or never: ${named}`, () => {
      expect(() => requireSense({ ...fine, ...change }))
        .to.throw(SequencerError, named)
        .with.property("code", "SEQUENCER_BAD_SETTING");
    });

  it("are looked at when one is made", async () => {
    const refusal: unknown = await new SlotNetwork().start({ coinbase: ZERO }).catch((error: unknown) => error);
    expect(refusal).to.have.property("code", "SEQUENCER_BAD_SETTING");
  });

  it("have addresses that somebody can have", () => {
    const declaration = composeSettings({ sequencer: sequencerSettings });
    const read = (env: Record<string, string>) => () => parseSettings(declaration, { env });
    const word = (hex: string) => `0x${hex.padStart(64, "0")}`;
    const modulus = "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f000000";
    expect(read({ COINBASE: ZERO })).to.throw("COINBASE");
    expect(read({ FEE_RECIPIENT: word("0") })).to.throw("FEE_RECIPIENT");
    expect(read({ FEE_RECIPIENT: word(`${modulus}1`) })).to.throw("FEE_RECIPIENT");
    expect(read({ FEE_RECIPIENT: word(`${modulus}0`) })).not.to.throw();
    expect(read({ FEE_RECIPIENT: word("1"), COINBASE: fine.coinbase })).not.to.throw();
  });
});
