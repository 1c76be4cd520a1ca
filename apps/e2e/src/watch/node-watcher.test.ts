import type { NodeApi } from "@sprtn/ports";
import { Bytes32, EthAddress, Field, Slot } from "@sprtn/primitives";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { NodeWatcher } from "./node-watcher.js";
import { SignatureLog } from "./signature-log.js";

interface Tips {
  readonly pending: number;
  readonly proven: number;
  readonly finalized: number;
}

/** A node whose block n has the hash `hashes[n]`, or n. */
function node(name: string, tips: Tips, hashes: Readonly<Record<number, number>> = {}) {
  const api = {
    getChainTips: async () =>
      Object.fromEntries(Object.entries(tips).map(([chain, number]) => [chain, { number, hash: Field(number) }])),
    getBlock: async (number: number) => ({ headerHash: Field(hashes[number] ?? number) }),
  };
  return { name, running: true, api: api as unknown as NodeApi };
}

const tips = { pending: 5, proven: 3, finalized: 1 };

async function watch(...nodes: ReturnType<typeof node>[]): Promise<NodeWatcher> {
  const watcher = new NodeWatcher({ runningNodes: nodes, logger: new MemoryLogger() });
  await watcher.round();
  return watcher;
}

describe("watching nodes", () => {
  it("counts looks at nodes that agree; pending blocks may differ", async () => {
    expect((await watch(node("a", tips), node("b", { ...tips, pending: 4 }, { 4: 44 }))).check()).to.equal(2);
  });

  it("INV-1: tips out of order", async () => {
    const watcher = await watch(node("a", { pending: 2, proven: 3, finalized: 1 }));
    expect(() => watcher.check()).to.throw("INV-1 is broken: a has finalized 1, proven 3, pending 2");
  });

  it("INV-2: two proven blocks at a height", async () => {
    const watcher = await watch(node("a", tips), node("b", tips, { 3: 33 }));
    expect(() => watcher.check()).to.throw("INV-2 is broken: at height 3 a holds 3, b holds 33");
  });

  it("FINAL-3: a reorg may change proven blocks, never finalized ones", async () => {
    const nodes = [node("a", tips)];
    const watcher = new NodeWatcher({ runningNodes: nodes, logger: new MemoryLogger() });
    await watcher.round();
    watcher.expectReorg();
    nodes[0] = node("a", tips, { 3: 33 });
    await watcher.round();
    watcher.check();
    nodes[0] = node("a", tips, { 1: 11 });
    await watcher.round();
    expect(() => watcher.check()).to.throw("INV-2 (finalized) is broken");
  });

  it("INV-6: a second signature of a kind for a slot", () => {
    const log = new SignatureLog();
    const signature = {
      signer: EthAddress(`0x${"01".repeat(20)}`),
      type: "Attestation",
      slot: Slot(3),
      digest: Bytes32(`0x${"aa".repeat(32)}`),
    } as const;
    const other = Bytes32(`0x${"bb".repeat(32)}`);
    log.note(signature);
    log.note(signature);
    log.note({ ...signature, type: "Proposal", digest: other });
    log.note({ ...signature, slot: Slot(4), digest: other });
    expect(log.all()).to.have.lengthOf(3);
    expect(() => log.note({ ...signature, digest: other })).to.throw("INV-6 is broken");
  });
});
