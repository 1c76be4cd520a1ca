import { composeSettings, parseSettings } from "@sprtn/settings";
import { UnixSeconds } from "@sprtn/primitives";
import { costOf, FEES_OFF, feesAreOff } from "@sprtn/protocol";
import { expect } from "chai";
import { assertParameters } from "./assert-parameters.js";
import { costliestTx } from "./derived-parameters.js";
import { choicesFrom, parametersFrom } from "./parameters-from-settings.js";
import { presets } from "./presets.js";
import { deploymentSettings } from "./settings.js";

const composition = composeSettings({ deployment: deploymentSettings });
const settingsOf = (line: string) =>
  parseSettings(composition, { args: line.split(" ").filter(word => word !== "") }).settings.deployment;

describe("parameters from settings", () => {
  it("are the preset's where nothing else is given", () => {
    for (const preset of ["local", "sprtn", "phase1", "phase2"] as const) {
      expect(parametersFrom(settingsOf(`--preset ${preset}`))).to.deep.equal({
        ...presets[preset].parameters,
        genesisTime: UnixSeconds(0),
      });
    }
  });

  it("take every override, and what follows from it follows", () => {
    const line = [
      "--preset sprtn --slot-duration 4 --epoch-duration 5 --committee-size 7 --max-txs-per-block 9 " +
        "--proposal-lateness 1 --initial-base-fee-l2 11 --initial-base-fee-da 12",
      "--pending-reward 13 --proven-reward 14 --prover-share-bps 15 --minimum-stake 16 --minimum-deposit 19 " +
        "--open-bootstrap --proving-right open --genesis-time 17 --validator-count 18",
    ].join(" ");
    const parameters = parametersFrom(settingsOf(line));
    expect(parameters).to.deep.include({
      slotDuration: 4,
      epochDuration: 5,
      committeeSize: 7,
      proposalLateness: 1,
      proofWindow: 20,
      challengeWindow: 20,
      initialBaseFees: { perL2Gas: 11n, perDaGas: 12n },
    });
    expect(parameters).to.deep.include({
      pendingReward: 13n,
      provenReward: 14n,
      proverShareBps: 15,
      minimumStake: 16n,
      minimumDeposit: 19n,
      openBootstrap: true,
      provingRight: "open",
      genesisTime: 17,
    });
    expect(choicesFrom(settingsOf(line))).to.include({ validators: 18, maxTxsPerBlock: 9 });
    assertParameters(parameters);
  });

  it("take windows in seconds, a capacity, a grace and gas targets as given", () => {
    const parameters = parametersFrom(
      settingsOf(
        "--proof-window 5m --challenge-window 100 --capacity 999 --exit-grace-epochs 77 --l2-gas-target 5 " +
          "--da-gas-target 6",
      ),
    );
    expect(parameters).to.deep.include({
      proofWindow: 300,
      challengeWindow: 100,
      capacity: 999,
      exitGraceEpochs: 77,
      gasTarget: { l2: 5n, da: 6n },
    });
  });

  it("without fees are at the least base fees, held there, and otherwise the preset's", () => {
    for (const preset of ["local", "sprtn", "phase1", "phase2"] as const) {
      const parameters = parametersFrom(settingsOf(`--preset ${preset} --fees off`));
      expect(parameters).to.deep.equal({ ...presets[preset].parameters, ...FEES_OFF, genesisTime: UnixSeconds(0) });
      expect(feesAreOff(parameters)).to.equal(true);
      expect(feesAreOff(presets[preset].parameters)).to.equal(false);
      assertParameters({ ...parameters, genesisTime: UnixSeconds(1) });
    }
  });

  it("without fees take no deposit that is dust elsewhere, so none that could not pay for its claim", () => {
    const { minimumDeposit, initialBaseFees } = parametersFrom(settingsOf("--fees off"));
    expect(minimumDeposit >= costOf(costliestTx(), initialBaseFees)).to.equal(true);
    expect(minimumDeposit).to.equal(presets.local.parameters.minimumDeposit);
  });

  it("count validators that are given by address", () => {
    expect(choicesFrom(settingsOf(`--validators 0x${"11".repeat(20)},0x${"22".repeat(20)}`)).validators).to.equal(2);
  });
});
