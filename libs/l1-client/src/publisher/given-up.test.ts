import { expect } from "chai";
import { Transaction } from "ethers";
import { tokenInterface } from "../contracts/interfaces.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { useProxiedRollup } from "../testing/proxied-rollup.js";

/** Whoever is told that a request failed sends it anew: what is on its way must not be given up, nor come back. */
describe("what was handed out is not given up, and what was given up does not come back", () => {
  const l1 = useProxiedRollup();

  for (const method of [
    "eth_getTransactionReceipt",
    "eth_getBlockByNumber",
    "eth_getTransactionCount",
    "eth_getTransactionByHash",
  ])
    it(`L1 answers ${method} with an error while it is watched`, async () => {
      const sender = l1.sender();
      await l1.rollup.devnet.setAutomine(false);
      let asked = 0;
      const refused = Promise.withResolvers<void>();
      l1.proxy.intervene = call => {
        const isSent = (l1.proxy.counts["eth_sendRawTransaction"] ?? 0) > 0;
        if (!isSent || call.method !== method || asked++ > 0) return undefined;
        refused.resolve();
        return { error: { code: -32603, message: "Internal error" } };
      };
      const sending = sender.send([l1.rollup.mintTo(sender.address, 7n)]);
      await Promise.race([sending, refused.promise]);
      await l1.rollup.devnet.setAutomine(true);
      await l1.rollup.devnet.mine();
      expect((await sending)[0]?.succeeded).to.equal(true);
      expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
    });

  it("the first endpoint takes it and is away, and the next answers with an error", async () => {
    const second = await JsonRpcProxy.start(l1.rollup.devnet.url);
    const both = l1.rollup.endpointsAt([l1.proxy.url, second.url]);
    try {
      const sender = l1.rollup.sender(l1.account, {}, both);
      l1.proxy.intervene = async ({ method, params }) => {
        if (method !== "eth_sendRawTransaction") return undefined;
        await l1.rollup.devnet.request(method, params);
        return { hangUp: true };
      };
      let asked = 0;
      second.intervene = ({ method }) =>
        method === "eth_maxPriorityFeePerGas" && asked++ === 0
          ? { error: { code: -32601, message: "the method does not exist" } }
          : undefined;
      expect((await sender.send([l1.rollup.mintTo(sender.address, 7n)]))[0]?.succeeded).to.equal(true);
      expect(asked).to.be.greaterThan(0);
      expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
    } finally {
      both.close();
      await second.stop();
    }
  });

  it("another used the nonce of a group's first, and L1 includes the second late", async () => {
    const sender = l1.sender({ bumpAfterBlocks: 100 });
    await l1.rollup.devnet.setAutomine(false);
    const hashes: string[] = [];
    let second: Transaction | undefined;
    const high = { maxFeePerGas: "0x4a817c800", maxPriorityFeePerGas: "0x4a817c800" };
    l1.proxy.intervene = async ({ method, params }) => {
      if (method === "eth_getTransactionByHash" && params[0] === second?.hash)
        return { result: { hash: second?.hash, blockNumber: null } };
      if (method !== "eth_sendRawTransaction") return undefined;
      const sent = Transaction.from(String(params[0]));
      const hash = String(sent.hash);
      const isNew = !hashes.includes(hash);
      if (isNew) hashes.push(hash);
      // The first two wait in a pool that no block is made from yet.
      if (hashes.length <= 2 || !isNew) {
        if (hashes.length === 2 && second === undefined) {
          second = sent;
          const used = { from: sender.address, to: sender.address, nonce: "0x0", gas: "0x5208", ...high };
          await l1.rollup.devnet.request("eth_sendTransaction", [used]);
          await l1.rollup.devnet.mine();
        }
        return { result: hash };
      }
      if (hashes.length > 3) return undefined;
      // The first with another nonce: a block with the second comes just before.
      await l1.rollup.devnet.request("eth_sendRawTransaction", [second?.serialized]);
      await l1.rollup.devnet.mine();
      await l1.rollup.devnet.setAutomine(true);
      return undefined;
    };
    const group = [1n, 10n].map(amount => ({ ...l1.rollup.mintTo(sender.address, amount), gasLimit: 100_000n }));
    const receipts = await sender.send(group);
    expect(receipts.map(({ succeeded }) => succeeded)).to.deep.equal([true, true]);
    expect(await l1.rollup.tokens(sender.address)).to.equal(11n);
  });

  it("one that was aborted had the nonce that is called used, but was not mined", async () => {
    const sender = l1.sender();
    await l1.rollup.devnet.setAutomine(false);
    const controller = new AbortController();
    const aborted = sender.send([l1.rollup.mintTo(sender.address, 100n)], controller.signal).catch(() => "aborted");
    await l1.proxy.answered("eth_getTransactionByHash", 1);
    controller.abort();
    expect(await aborted).to.equal("aborted");
    await l1.rollup.devnet.request("anvil_dropAllTransactions");
    await l1.rollup.devnet.setAutomine(true);
    let [sent, looks] = [0, 0];
    // A server that tries again by itself, and does not know at once what it has.
    l1.proxy.intervene = async ({ method, params }) => {
      if (method === "eth_getTransactionByHash" && looks++ === 0) return { result: null };
      if (method !== "eth_sendRawTransaction" || sent++ > 0) return undefined;
      await l1.rollup.devnet.request(method, params);
      return { error: { code: -32000, message: "nonce too low" } };
    };
    await sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    expect(await l1.rollup.tokens(sender.address)).to.equal(1n);
  });

  it("one that failed is not carried out later, to fill the gap that a reorg left", async () => {
    const sender = l1.sender({ bumpAfterBlocks: 100 });
    const transfer = {
      to: l1.rollup.contracts.token,
      data: tokenInterface.encodeFunctionData("transfer", [l1.rollup.contracts.rollup, 5n]),
      gasLimit: 100_000n,
    };
    const failed = await sender.send([transfer]).catch((error: unknown) => error);
    expect(failed).to.have.property("code", "L1_REVERTED");
    await l1.rollup.devnet.setAutomine(false);
    const waiting = sender.send([{ ...l1.rollup.mintTo(sender.address, 2n), gasLimit: 100_000n }]);
    await l1.proxy.answeredAnew("eth_sendRawTransaction");
    await l1.rollup.devnet.reorg(1);
    // By now it would succeed.
    const [giver] = (await l1.rollup.devnet.request("eth_accounts", [])) as string[];
    await l1.rollup.devnet.request("eth_sendTransaction", [{ from: giver, ...l1.rollup.mintTo(sender.address, 5n) }]);
    await l1.rollup.devnet.mine();
    await mineFor(waiting);
    expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
  });

  it("what fills a gap is refused, and what waits above it is not", async () => {
    await l1.sender().send([l1.rollup.mintTo(l1.rollup.sender(l1.account).address, 1n)]);
    const sender = l1.sender({ bumpAfterBlocks: 100 });
    await l1.rollup.devnet.setAutomine(false);
    const waiting = sender.send([{ ...l1.rollup.mintTo(sender.address, 2n), gasLimit: 100_000n }]);
    await l1.proxy.answeredAnew("eth_sendRawTransaction");
    await l1.rollup.devnet.reorg(1);
    let refused = 0;
    l1.proxy.intervene = ({ method, params }) =>
      method === "eth_sendRawTransaction" && Transaction.from(String(params[0])).nonce === 0 && refused++ === 0
        ? { error: { code: -32000, message: "txpool is full" } }
        : undefined;
    await mineFor(waiting);
    expect(refused).to.be.greaterThan(1);
    expect(await l1.rollup.tokens(sender.address)).to.equal(2n);
  });

  /** Blocks until `sending` is mined, each when the sender has looked twice. */
  async function mineFor(sending: Promise<unknown>): Promise<void> {
    for (let blocks = 0; blocks < 10; blocks++) {
      if (await Promise.race([sending, l1.proxy.answeredAnew("eth_getTransactionCount", 4)])) return;
      await l1.rollup.devnet.mine();
    }
    expect.fail("it is not mined after 10 blocks");
  }
});
