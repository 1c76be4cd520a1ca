import { Seconds, UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import { assertParameters } from "./assert-parameters.js";
import { costliestTx, withDerived } from "./derived-parameters.js";
import { parametersOf, type PresetName, presets } from "./presets.js";

describe("presets", () => {
  for (const [name, validators, committee, slot, epoch, txs] of [
    ["local", 4, 4, 8, 8, 128],
    ["sprtn", 16, 16, 24, 32, 320],
    ["phase1", 48, 16, 36, 32, 32],
    ["phase2", 128, 16, 36, 32, 64],
  ] as const) {
    it(`${name}: the table's numbers, and what the contracts accept`, () => {
      const { choices, parameters } = presets[name];
      expect([
        choices.validators,
        parameters.committeeSize,
        parameters.slotDuration,
        parameters.epochDuration,
        choices.maxTxsPerBlock,
      ]).to.deep.equal([validators, committee, slot, epoch, txs]);
      expect(parameters.provingRight).to.equal("coordinator");
      assertParameters({ ...parameters, genesisTime: UnixSeconds(1) });
    });

    it(`${name}: a block within its gas limit holds ${txs} of the costliest transactions`, () => {
      const { gasTarget } = presets[name].parameters;
      const { l2, da } = costliestTx();
      expect(2n * gasTarget.l2 >= BigInt(txs) * l2 && 2n * gasTarget.l2 < BigInt(txs + 1) * l2).to.equal(true);
      expect(2n * gasTarget.da >= BigInt(txs) * da).to.equal(true);
    });
  }

  it("windows: 20 minutes each locally, an epoch each elsewhere, also when the epoch is another one", () => {
    expect([presets.local.parameters.proofWindow, presets.local.parameters.challengeWindow]).to.deep.equal([
      1200, 1200,
    ]);
    expect(presets.sprtn.parameters.proofWindow).to.equal(24 * 32);
    expect(
      parametersOf({ ...presets.sprtn.choices, slotDuration: Seconds(12), epochDuration: 10 }).challengeWindow,
    ).to.equal(120);
  });

  it("every choice can be overridden and still be deployed", () => {
    for (const name of Object.keys(presets) as PresetName[]) {
      for (const slotDuration of [1, 2, 5, 60].map(Seconds)) {
        for (const epochDuration of [1, 3, 100])
          assertParameters({
            ...parametersOf({ ...presets[name].choices, slotDuration, epochDuration }),
            genesisTime: UnixSeconds(1),
          });
      }
    }
  });

  it("withDerived mends capacity and exit grace after a time was changed", () => {
    const changed = { ...presets.local.parameters, slotDuration: Seconds(2), genesisTime: UnixSeconds(1) };
    expect(() => assertParameters(changed))
      .to.throw()
      .with.property("code", "DEPLOYMENT_BAD_PARAMETERS");
    assertParameters(withDerived(changed));
  });
});
