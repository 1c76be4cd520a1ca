import { EthAddress, Field, Slot, UnixSeconds } from "@sprtn/primitives";
import { nextBaseFees } from "@sprtn/protocol";
import { expect } from "chai";
import { nextEnvironment } from "./index.js";
import { chain, ChainFixture, gasTarget } from "./test/chain-fixture.js";

describe("the next block's environment", () => {
  it("PEND-1, PEND-2, PEND-6: number, timestamp and base fees follow from parent, slot and deployment", () => {
    const { header } = new ChainFixture().tip;
    const parent = { ...header, totalL2Gas: 300_000n, totalDaGas: 5n };
    const { chainId, rollupVersion, feePortal } = chain;
    const deployment = {
      chainId,
      rollupVersion,
      contracts: { feePortal },
      parameters: { genesisTime: UnixSeconds(1000), slotDuration: 8, gasTarget },
    } as unknown as Parameters<typeof nextEnvironment>[0];
    const choices = {
      slot: Slot(3),
      coinbase: EthAddress(`0x${"c0".repeat(20)}`),
      feeRecipient: Field(999),
      maxTxs: 5,
    };
    expect(nextEnvironment(deployment, parent, choices)).to.deep.equal({
      ...choices,
      chain,
      number: 1,
      timestamp: 1024,
      baseFees: nextBaseFees(parent.baseFees, { l2: 300_000n, da: 5n }, gasTarget),
      gasTarget,
    });
  });
});
