import { expect } from "chai";
import { BlockNumber, concatBytes, Field, L1BlockNumber, Slot, UnixSeconds } from "@sprtn/primitives";
import type { L1Event } from "@sprtn/ports";
import { type BlockHeader, decodeHeader, encodeHeader } from "@sprtn/protocol";
import { buildEffect, FakeL1, FakeRollup, type Proposal } from "@sprtn/testing";
import { BlockFault, BlockFaultCode } from "./block-fault.js";
import { type BlockProposed, hashPublishedEffects, validateBlock } from "./validate-block.js";

/** Block 4 of a chain, which consumes two messages, and what it builds on. */
async function fourth(proposal: Proposal): Promise<() => ReturnType<typeof validateBlock>> {
  const rollup = new FakeRollup(new FakeL1());
  rollup.mine(turn => {
    turn.propose({ txs: 14 });
    turn.send();
    turn.send();
    turn.propose();
    turn.propose();
    turn.propose({ txs: 2, ...proposal });
  });
  const events: readonly L1Event[] = await rollup.l1.events(L1BlockNumber(1), L1BlockNumber(1));
  const event = events.at(-1) as BlockProposed;
  const parent = rollup.blocks[3] as (typeof rollup.blocks)[number];
  return () => validateBlock({ event, parent, messages: rollup.messages(4), parameters: rollup.deployment.parameters });
}

const header = (change: (header: BlockHeader) => Partial<BlockHeader>): Proposal => ({
  header: right => ({ ...right, ...change(right) }),
});
const publish = (change: (event: BlockProposed) => Partial<BlockProposed>): Proposal => ({
  publish: right => ({ ...right, ...change({ ...(right as BlockProposed) }) }),
});

/** Other effects, to which the header commits: L1 takes any bytes. */
function effectsOf(change: (effects: Uint8Array) => Uint8Array): Proposal {
  return publish(event => {
    const effects = change(event.effects);
    return { effects, header: encodeHeader({ ...decodeHeader(event.header), daHash: hashPublishedEffects(effects) }) };
  });
}

/** One broken rule each. */
const broken: readonly (readonly [BlockFaultCode, string, Proposal])[] = [
  [
    BlockFaultCode.BAD_HEADER,
    "a header that is too short",
    publish(({ header: bytes }) => ({ header: bytes.subarray(1) })),
  ],
  [
    BlockFaultCode.BAD_HEADER,
    "reserved bytes that are not zero",
    publish(({ header: bytes }) => ({ header: concatBytes(bytes.subarray(0, 283), Uint8Array.of(1)) })),
  ],
  [BlockFaultCode.BAD_EFFECTS, "effects that are too short", effectsOf(bytes => bytes.subarray(1))],
  [
    BlockFaultCode.BAD_EFFECTS,
    "a value that is not a field",
    effectsOf(bytes => concatBytes(new Uint8Array(32).fill(255), bytes.subarray(32))),
  ],
  [
    BlockFaultCode.WRONG_NUMBER,
    "a number that is not the next",
    header(right => ({ number: BlockNumber(right.number + 1) })),
  ],
  [BlockFaultCode.WRONG_NUMBER, "another number in the event", publish(() => ({ number: BlockNumber(5) }))],
  [BlockFaultCode.WRONG_LAST_ARCHIVE, "another lastArchive", header(() => ({ lastArchive: Field(9) }))],
  [BlockFaultCode.SLOT_NOT_AFTER_PARENT, "the slot of the block before", { slots: 0 }],
  [BlockFaultCode.SLOT_NOT_AFTER_PARENT, "an earlier slot", { slots: -1 }],
  [
    BlockFaultCode.WRONG_TIMESTAMP,
    "a timestamp within the slot",
    header(right => ({ timestamp: UnixSeconds(right.timestamp + 1) })),
  ],
  [BlockFaultCode.WRONG_TIMESTAMP, "the timestamp of another slot", header(right => ({ slot: Slot(right.slot + 1) }))],
  [BlockFaultCode.WRONG_DA_HASH, "another daHash", header(() => ({ daHash: Field(9) }))],
  [BlockFaultCode.WRONG_DA_HASH, "effects cut off", publish(({ effects }) => ({ effects: effects.subarray(704) }))],
  [BlockFaultCode.WRONG_TX_COUNT, "another txCount", header(() => ({ txCount: 3 }))],
  [BlockFaultCode.WRONG_IN_HASH, "another inHash", header(() => ({ inHash: Field(9) }))],
  [BlockFaultCode.WRONG_IN_HASH, "no inHash", header(() => ({ inHash: Field(0) }))],
  [
    BlockFaultCode.WRONG_BASE_FEES,
    "another L2 base fee",
    header(({ baseFees }) => ({ baseFees: { ...baseFees, perL2Gas: baseFees.perL2Gas + 1n } })),
  ],
  [
    BlockFaultCode.WRONG_BASE_FEES,
    "another DA base fee",
    header(({ baseFees }) => ({ baseFees: { ...baseFees, perDaGas: baseFees.perDaGas - 1n } })),
  ],
  [BlockFaultCode.TOO_MUCH_GAS, "more than twice the L2 target", header(() => ({ totalL2Gas: 200_001n }))],
  [BlockFaultCode.TOO_MUCH_GAS, "more than twice the DA target", header(() => ({ totalDaGas: 20_001n }))],
  [BlockFaultCode.WRONG_OUT_HASH, "another outHash", header(() => ({ outHash: Field(9) }))],
  [BlockFaultCode.TX_TWICE, "a transaction twice", { txs: [buildEffect(77), buildEffect(77)] }],
];

describe("validateBlock", () => {
  it("takes a block that follows the rules", async () => {
    const judge = await fourth({ txs: [buildEffect(77, { l2ToL1Message: Field(5) }), buildEffect(78)] });
    expect(judge().header.number).to.equal(4);
    expect(judge().effects).to.have.length(2);
  });

  it("takes a block with as much gas as can be", async () => {
    expect((await fourth(header(() => ({ totalL2Gas: 200_000n, totalDaGas: 20_000n }))))().header.number).to.equal(4);
  });

  for (const [code, what, proposal] of broken) {
    it(`${code}: refuses ${what}`, async () => {
      const judge = await fourth(proposal);
      expect(judge).to.throw(BlockFault).with.property("code", code);
    });
  }

  it("has a broken block for every fault that needs no state", () => {
    const others: readonly BlockFaultCode[] = [BlockFaultCode.STATE_REJECTED];
    expect(new Set([...broken.map(([code]) => code), ...others])).to.deep.equal(new Set(Object.values(BlockFaultCode)));
  });
});
