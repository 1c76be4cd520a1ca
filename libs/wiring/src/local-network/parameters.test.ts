import { assertParameters, presets } from "@sprtn/deployment";
import { UnixSeconds } from "@sprtn/primitives";
import { feesAreOff } from "@sprtn/protocol";
import { parseSettings } from "@sprtn/settings";
import { expect } from "chai";
import { nodeSettings, presetOf } from "../settings.js";
import { localChoices, localParameters } from "./parameters.js";

const parse = (line: string) =>
  parseSettings(nodeSettings, { args: line.split(" ").filter(word => word !== ""), env: {}, preset: presetOf })
    .settings;
const parametersOf = (line: string) => localParameters(parse(line).local);

describe("the shape of a local network", () => {
  for (const name of ["local", "sprtn", "phase1", "phase2"] as const)
    it(`is that of its preset: ${name}`, () => {
      const { local, sequencer } = parse(`--preset ${name}`);
      expect(localParameters(local)).to.deep.equal(presets[name].parameters);
      expect(localChoices(local)).to.deep.equal({ ...presets[name].choices, fees: "on" });
      // What its sequencers put into a block is what a block holds.
      expect(sequencer.maxTxPerBlock).to.equal(presets[name].choices.maxTxsPerBlock);
    });

  it("is local's unless told", () => {
    expect(parametersOf("")).to.deep.equal(presets.local.parameters);
  });

  it("takes single values in place of the preset's, and what follows from them follows", () => {
    const line = "--preset phase1 --local-slot-seconds 6 --local-epoch-slots 4 --local-max-txs-per-block 9";
    const { local, sequencer } = parse(line);
    const parameters = localParameters(local);
    expect(parameters).to.deep.include({ slotDuration: 6, epochDuration: 4, proofWindow: 24, challengeWindow: 24 });
    expect(parameters.gasTarget.l2 < presets.phase1.parameters.gasTarget.l2).to.equal(true);
    expect(sequencer.maxTxPerBlock).to.equal(9);
    expect(parse(`${line} --seq-max-tx-per-block 5`).sequencer.maxTxPerBlock).to.equal(5);
    expect(parametersOf("--preset phase1 --local-proof-window 5m --local-challenge-window 90")).to.deep.include({
      proofWindow: 300,
      challengeWindow: 90,
    });
    assertParameters({ ...parameters, genesisTime: UnixSeconds(1) });
  });

  it("COM-1: has a committee of its own size, never above its validators", () => {
    const committeeOf = (line: string) => parametersOf(line).committeeSize;
    expect(committeeOf("--local-validators 40")).to.equal(40);
    expect(committeeOf("--local-validators 40 --local-committee 16")).to.equal(16);
    expect(committeeOf("--preset phase1 --local-validators 17")).to.equal(16);
    expect(committeeOf("--preset phase1 --local-validators 15")).to.equal(15);
    expect(committeeOf("--preset phase1 --local-committee 48")).to.equal(48);
  });

  it("TX-2: is without fees for every preset", () => {
    for (const name of ["local", "sprtn", "phase1", "phase2"]) {
      expect(feesAreOff(parametersOf(`--preset ${name} --local-fees off`))).to.equal(true);
      expect(feesAreOff(parametersOf(`--preset ${name}`))).to.equal(false);
    }
  });
});
