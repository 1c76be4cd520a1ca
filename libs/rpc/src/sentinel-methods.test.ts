import { EthAddress, Slot } from "@sprtn/primitives";
import type { DutyTotals, SentinelApi, SlotDuties, ValidatorDuty } from "@sprtn/ports";
import { expect } from "chai";
import { createRpcClient } from "./rpc-client.js";
import { RpcFixture } from "./rpc-fixture.test.js";
import { sentinelMethods } from "./sentinel-methods.js";
import { serveGroup } from "./served-group.js";

const [first, second] = [1, 2].map(n => EthAddress(`0x${String(n).repeat(40)}`)) as [EthAddress, EthAddress];

const slotDuties: SlotDuties = {
  slot: Slot(7),
  proposer: second,
  proposal: "late",
  attestations: [
    { validator: first, duty: "attested" },
    { validator: second, duty: "none" },
  ],
};
const duties: readonly ValidatorDuty[] = [
  { slot: Slot(7), proposal: "late", attestation: "none" },
  { slot: Slot(8), proposal: null, attestation: "unknown" },
];
const totals: readonly DutyTotals[] = [
  {
    validator: first,
    proposals: { proposed: 1, late: 2, missed: 3, idle: 4, unknown: 5 },
    attestations: { attested: 6, missed: 7, none: 8, unknown: 9 },
  },
];

describe("duties over JSON-RPC", () => {
  let asked: readonly unknown[] = [];
  const api: SentinelApi = {
    getSlotDuties: async (...args) => ((asked = args), args[0] === 7 ? slotDuties : null),
    getDuties: async (...args) => ((asked = args), duties),
    getDutyTotals: async () => totals,
  };
  const fixture = new RpcFixture({}, {}, { groups: [serveGroup(sentinelMethods, api)] });
  before(() => fixture.server.start());
  after(() => fixture.server.stop());

  it("come over unchanged", async () => {
    const client = createRpcClient(sentinelMethods, fixture.server.url);
    expect(await client.getSlotDuties(Slot(7))).to.deep.equal(slotDuties);
    expect(await client.getSlotDuties(Slot(8))).to.equal(null);
    expect(await client.getDuties(first, Slot(3), Slot(9))).to.deep.equal(duties);
    expect(asked).to.deep.equal([first, 3, 9]);
    expect(await client.getDutyTotals()).to.deep.equal(totals);
  });

  it("cost by the slots that are asked for, and nothing below a call for a range that is none", () => {
    const { work } = sentinelMethods.methods.getDuties;
    const units = (from: number, to: number) => work?.([first, Slot(from), Slot(to)]);
    expect([units(1, 1), units(1, 100), units(1, 101), units(1, 1_000), units(9, 1)]).to.deep.equal([1, 1, 2, 10, 1]);
  });
});
