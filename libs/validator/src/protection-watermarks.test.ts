import { EthAddress } from "@sprtn/primitives";
import { fakeAddresses, FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import { importProtection, SlashingProtection } from "./index.js";

describe("SIGN-1: an imported file that names slots without what was signed", () => {
  const [alice] = fakeAddresses(1) as [EthAddress];
  const domain = { chainId: 31337n, rollup: EthAddress(`0x${"ab".repeat(20)}`) };

  async function watermarkOf(slots: readonly number[]) {
    const protection = new SlashingProtection({ store: new FakeKvStore() }, { prefix: Uint8Array.of(7) });
    await importProtection(protection, domain, {
      metadata: { interchange_format_version: "1", chain_id: "31337", rollup: domain.rollup },
      data: [{ pubkey: alice, signed_proposals: slots.map(slot => ({ slot: String(slot) })), signed_attestations: [] }],
    });
    return (await protection.export(alice, "Proposal")).watermark;
  }

  it("forbids all up to the highest of them, wherever it stands", async () => {
    expect(await watermarkOf([5, 9, 7])).to.equal(9);
    expect(await watermarkOf([9, 5])).to.equal(9);
    expect(await watermarkOf([0])).to.equal(0);
    expect(await watermarkOf([])).to.equal(undefined);
  });
});
