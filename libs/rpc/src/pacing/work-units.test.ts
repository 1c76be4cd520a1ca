import { BlockNumber, Field, toHex } from "@sprtn/primitives";
import type { MembershipWitness, NodeApi } from "@sprtn/ports";
import { encodeTx } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import * as random from "../arbitraries.test.js";
import { RpcErrorCode } from "../rpc-error.js";
import { RpcFixture } from "../rpc-fixture.test.js";

const one = `0x${"1".padStart(64, "0")}`;
const witness: MembershipWitness = { block: BlockNumber(1), root: Field(1), index: 0n, path: [Field(2)] };
const [tx] = fc.sample(random.tx, { numRuns: 1, seed: 7 });

/** A node that answers at once. */
const api = {
  getCurrentSlot: async () => 1,
  getPublicBalance: async () => 1n,
  getNoteHashWitness: async () => witness,
  getMessageWitness: async () => witness,
  getL2ToL1MessageWitness: async () => null,
  getPendingTxs: async () => [],
  getCommittee: async () => [],
  getProposer: async () => null,
  sendTx: async () => Field(1),
} as unknown as Partial<NodeApi>;

/** Calls of a batch of a hundred that are carried out for a caller who may spend 60 units and a bit. */
async function carriedOut(method: string, params: readonly unknown[]): Promise<number> {
  const fixture = new RpcFixture(api, { workBurst: 61, workPerSecond: 0.01 });
  await fixture.server.start();
  try {
    const calls = Array.from({ length: 100 }, (_, id) => ({ jsonrpc: "2.0", id, method, params }));
    const { json } = await fixture.post(JSON.stringify(calls));
    const codes: string[] = json.map((answer: { error?: { data: { code: string } } }) => answer.error?.data.code);
    const done = codes.filter(code => code === undefined).length;
    expect(codes.slice(done)).to.deep.equal(codes.slice(done).map(() => RpcErrorCode.RATE_LIMITED));
    return done;
  } finally {
    await fixture.server.stop();
  }
}

describe("LIMIT-22: a call is paid for by the work that it makes", () => {
  const cases: readonly (readonly [method: string, params: readonly unknown[], most: number])[] = [
    ["node_getCurrentSlot", [], 60],
    ["node_getPublicBalance", [one], 30],
    ["node_getNoteHashWitness", ["0", 1], 30],
    ["node_getMessageWitness", [one], 30],
    ["node_getPendingTxs", [1000], 6],
    ["node_getPendingTxs", [1], 60],
    ["node_getCommittee", [1], 12],
    ["node_getProposer", [1], 12],
    ["node_getL2ToL1MessageWitness", [one], 3],
    ["node_sendTx", [toHex(encodeTx(tx!))], 12],
  ];
  for (const [method, params, most] of cases)
    it(`${method}: ${most} calls for 60 units`, async () => {
      expect(await carriedOut(method, params)).to.be.within(Math.floor(0.9 * most), most);
    });
});
