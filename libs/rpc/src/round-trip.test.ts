import { Epoch, Field, jsFieldHasher } from "@sprtn/primitives";
import type { EpochProgress, NodeApi } from "@sprtn/ports";
import { expect } from "chai";
import fc from "fast-check";
import * as random from "./arbitraries.test.js";
import { createNodeClient } from "./node-client.js";
import { nodeMethods } from "./node-methods.js";
import { proverMethods } from "./prover-methods.js";
import { createRpcClient } from "./rpc-client.js";
import { RpcFixture } from "./rpc-fixture.test.js";
import { serveGroup } from "./served-group.js";

type Case = { readonly args: fc.Arbitrary<readonly unknown[]>; readonly result: fc.Arbitrary<unknown> };

/** No two blocks have one hash: the server keeps the JSON of a block by it. */
let hashes = 0n;
const block = random.block.map(value => ({ ...value, headerHash: Field(++hashes) }));

const cases: Readonly<Record<keyof NodeApi, Case>> = {
  getNodeInfo: { args: fc.tuple(), result: random.nodeInfo },
  getChainTips: { args: fc.tuple(), result: random.chainTips },
  getBlock: {
    args: fc.tuple(fc.oneof(random.blockNumber, fc.constantFrom("pending", "proven", "finalized"))),
    result: random.nullable(block),
  },
  getBlocks: {
    args: fc.tuple(random.blockNumber, fc.integer({ min: 1, max: 100 })),
    result: fc.array(block, { maxLength: 3 }),
  },
  sendTx: { args: fc.tuple(random.tx), result: random.field },
  getTxReceipt: { args: fc.tuple(random.field), result: random.receipt },
  getTx: { args: fc.tuple(random.field), result: random.nullable(random.tx) },
  getPendingTxs: {
    args: fc.tuple(fc.integer({ min: 1, max: 1_000 })),
    result: fc.array(random.field, { maxLength: 5 }),
  },
  getBaseFees: { args: fc.tuple(), result: random.gasFees },
  getCurrentSlot: { args: fc.tuple(), result: random.slot },
  getPublicBalance: { args: fc.tuple(random.field), result: random.uint(128) },
  getNoteHashWitness: { args: fc.tuple(random.uint(64), random.blockNumber), result: random.membershipWitness },
  getMessageWitness: { args: fc.tuple(random.field), result: random.nullable(random.membershipWitness) },
  getL2ToL1MessageWitness: { args: fc.tuple(random.field), result: random.nullable(random.withdrawalWitness) },
  getCommittee: { args: fc.tuple(random.epoch), result: fc.array(random.address, { maxLength: 5 }) },
  getProposer: { args: fc.tuple(random.slot), result: random.nullable(random.address) },
  getL1ContractAddresses: { args: fc.tuple(), result: random.contracts },
  getEncodedEnr: { args: fc.tuple(), result: random.nullable(random.text) },
  getPeers: { args: fc.tuple(), result: fc.array(random.peerInfo, { maxLength: 3 }) },
};

describe("client and server", () => {
  const calls: { name: string; args: readonly unknown[] }[] = [];
  let next: unknown;
  const api = Object.fromEntries(
    Object.keys(cases).map(name => [
      name,
      async (...args: readonly unknown[]) => {
        calls.push({ name, args });
        return next;
      },
    ]),
  ) as unknown as NodeApi;
  const fixture = new RpcFixture(api);
  before(() => fixture.server.start());
  after(() => fixture.server.stop());

  it("have a case here for every method", () => {
    expect(Object.keys(cases)).to.have.members(Object.keys(nodeMethods(jsFieldHasher).methods));
  });

  for (const [name, { args, result }] of Object.entries(cases)) {
    it(`node_${name}: arguments and result come over unchanged`, async () => {
      const client = createNodeClient(fixture.server.url, { hasher: jsFieldHasher }) as unknown as Record<
        string,
        (...given: readonly unknown[]) => Promise<unknown>
      >;
      await fc.assert(
        fc.asyncProperty(args, result, async (given, expected) => {
          next = expected;
          calls.length = 0;
          expect(await client[name]!(...given)).to.deep.equal(expected);
          expect(calls).to.deep.equal([{ name, args: given }]);
        }),
        { numRuns: 15 },
      );
    });
  }

  it("the same call with named parameters reaches the same method", async () => {
    calls.length = 0;
    next = [];
    expect((await fixture.call("node_getBlocks", { limit: 5, from: 3 })).result).to.deep.equal([]);
    expect(calls).to.deep.equal([{ name: "getBlocks", args: [3, 5] }]);
  });

  it("the wire holds hex fields, decimal strings and plain block numbers", async () => {
    next = { pending: { number: 3, hash: 5n }, proven: { number: 2, hash: 4n }, finalized: { number: 1, hash: 3n } };
    const hex = (value: number) => `0x${value.toString(16).padStart(64, "0")}`;
    const { result } = await fixture.call("node_getChainTips");
    expect(result).to.deep.equal({
      pending: { number: 3, hash: hex(5) },
      proven: { number: 2, hash: hex(4) },
      finalized: { number: 1, hash: hex(3) },
    });
    next = 10n ** 30n;
    expect((await fixture.call("node_getPublicBalance", [hex(1)])).result).to.equal(`1${"0".repeat(30)}`);
  });

  it("what an implementation adds to a result stays inside", async () => {
    next = { perL2Gas: 1n, perDaGas: 2n, secret: "x" };
    expect((await fixture.call("node_getBaseFees")).result).to.deep.equal({ perL2Gas: "1", perDaGas: "2" });
  });
});

describe("prover_getEpochs", () => {
  it("tells what keeps an epoch from being proven", async () => {
    const epochs: readonly EpochProgress[] = [
      {
        epoch: Epoch(3),
        firstBlock: 7,
        lastBlock: 9,
        jobsDone: 1,
        jobsTotal: 4,
        secondsLeft: null,
        state: "failed",
        failure: "agents vanish over a job",
        troubles: [{ job: "0x01", circuit: "tx-base", code: "PROVER_LEASES_LOST", reason: "tried 3 times" }],
      },
    ];
    const prover = { getEpochs: async () => epochs, getEpochProof: async () => null };
    const fixture = new RpcFixture({}, {}, { groups: [serveGroup(proverMethods, prover)] });
    await fixture.server.start();
    try {
      expect(await createRpcClient(proverMethods, fixture.server.url).getEpochs()).to.deep.equal(epochs);
    } finally {
      await fixture.server.stop();
    }
  });
});
