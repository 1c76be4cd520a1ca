import { Field, fieldToHex, type Hex, Wei } from "@sprtn/primitives";
import { expect } from "chai";
import { feePortalInterface, tokenInterface } from "../contracts/interfaces.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { useProxiedRollup } from "../testing/proxied-rollup.js";
import type { RawReceipt } from "./raw-receipt.js";
import type { TransactionSender } from "./transaction-sender.js";

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly payload: {
    readonly reason?: string;
    readonly args?: Record<string, string>;
    readonly transactionHash?: string;
  };
}

async function failure(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: Failure) => error,
  );
}

describe("TransactionSender", () => {
  const l1 = useProxiedRollup();

  const nonceOf = async (sender: TransactionSender) =>
    Number(await l1.rollup.devnet.request("eth_getTransactionCount", [sender.address, "latest"]));
  const broadcasts = () => l1.proxy.calls.filter(call => call.method === "eth_sendRawTransaction").length;

  it("sends a group with nonces in a row and resolves when all are mined", async () => {
    const sender = l1.sender();
    const receipts = await sender.send([
      l1.rollup.mintTo(sender.address, 1n),
      l1.rollup.mintTo(sender.address, 2n),
      l1.rollup.mintTo(sender.address, 3n),
    ]);
    expect(receipts.every(receipt => receipt.succeeded)).to.equal(true);
    expect(await nonceOf(sender)).to.equal(3);
    expect(await l1.rollup.tokens(sender.address)).to.equal(6n);
  });

  it("sends groups one at a time, in order", async () => {
    const sender = l1.sender();
    const amounts = [1n, 2n, 4n, 8n];
    const receipts = await Promise.all(
      amounts.map(async amount => sender.send([l1.rollup.mintTo(sender.address, amount)])),
    );
    const blocks = receipts.map(([receipt]) => receipt?.blockNumber ?? 0);
    expect(blocks).to.deep.equal(blocks.toSorted((a, b) => a - b));
    expect(await l1.rollup.tokens(sender.address)).to.equal(15n);
  });

  it("does not send what an estimate says reverts, and tells why", async () => {
    const sender = l1.sender();
    const data = tokenInterface.encodeFunctionData("transfer", [l1.rollup.contracts.rollup, 5n]);
    const error = await failure(sender.send([{ to: l1.rollup.contracts.token, data }]));
    expect(error.code).to.equal("L1_REVERTED");
    expect(error.payload.reason).to.equal("ERC20InsufficientBalance");
    expect(error.payload.args).to.include({ balance: "0", needed: "5" });
    expect(broadcasts()).to.equal(0);
    expect(error.message.length).to.be.lessThan(300);
  });

  it("tells why a mined transaction reverted", async () => {
    const sender = l1.sender();
    const data = tokenInterface.encodeFunctionData("transfer", [l1.rollup.contracts.rollup, 5n]);
    const error = await failure(sender.send([{ to: l1.rollup.contracts.token, data, gasLimit: 100_000n }]));
    expect(error.payload.reason).to.equal("ERC20InsufficientBalance");
    expect(error.payload.transactionHash).to.match(/^0x/);
    expect(await nonceOf(sender)).to.equal(1);
    const short = await failure(sender.send([{ ...l1.rollup.mintTo(sender.address, 1n), gasLimit: 30_000n }]));
    expect(short.payload.reason).to.equal("out-of-gas");
  });

  it("knows out of gas inside a call, which ends below the limit (EIP-150)", async () => {
    const sender = l1.sender();
    const approval = {
      to: l1.rollup.contracts.token,
      data: tokenInterface.encodeFunctionData("approve", [l1.rollup.contracts.feePortal, 5n]),
    };
    await sender.send([l1.rollup.mintTo(sender.address, 5n), approval]);
    const data = feePortalInterface.encodeFunctionData("deposit", [fieldToHex(Field(7n)), 5n, fieldToHex(Field(8n))]);
    const error = await failure(sender.send([{ to: l1.rollup.contracts.feePortal, data, gasLimit: 90_000n }]));
    const receipt = await l1.rollup.devnet.provider.getTransactionReceipt(error.payload.transactionHash as Hex);
    expect(Number(receipt?.gasUsed)).to.be.lessThan(90_000);
    expect(error.payload.reason).to.equal("out-of-gas");
  });

  /** Mines blocks of this base fee until `sending` ends; between two blocks the sender looks at least once. */
  async function mineUntil(sending: Promise<readonly RawReceipt[]>, baseFee: bigint): Promise<RawReceipt> {
    for (let blocks = 0; blocks < 20; blocks++) {
      await l1.rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", [`0x${baseFee.toString(16)}`]);
      await l1.rollup.devnet.mine();
      const receipts = await Promise.race([sending, l1.proxy.answeredAnew("eth_getTransactionCount", 2)]);
      if (receipts) return receipts[0] as RawReceipt;
    }
    return expect.fail("it is not mined after 20 blocks");
  }

  it("offers more for what is not included, with the same nonce", async () => {
    const told = l1.rollup.logger.lines("verbose").length;
    const sender = l1.sender({ bumpAfterBlocks: 2 });
    await l1.rollup.devnet.setAutomine(false);
    const sending = sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    await l1.proxy.answered("eth_sendRawTransaction", 1);
    // A base fee above what was offered.
    const receipt = await mineUntil(sending, 20_000_000_000n);
    expect(receipt.succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(1);
    const offers = l1.rollup.logger.lines("verbose").slice(told);
    expect(offers.some(({ fields }) => "replacement" in fields && fields["nonce"] === 0)).to.equal(true);
    await l1.rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]);
    await l1.rollup.devnet.mine();
  });

  it("does not offer more than the cap, and warns", async () => {
    const sender = l1.sender({ bumpAfterBlocks: 1, maxFeePerGas: 2_100_000_000n });
    await l1.rollup.devnet.setAutomine(false);
    const sending = sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    await l1.proxy.answered("eth_sendRawTransaction", 1);
    await l1.rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x4a817c800"]);
    await l1.rollup.devnet.mine();
    await l1.proxy.answeredAnew("eth_maxPriorityFeePerGas");
    await l1.proxy.answeredAnew("eth_getTransactionCount");
    expect(l1.rollup.logger.lines("warn").at(-1)?.fields).to.deep.include({ nonce: 0, maxFeePerGas: 2_100_000_000n });
    const { transactionHash, succeeded } = await mineUntil(sending, 1_000_000_000n);
    expect(succeeded).to.equal(true);
    expect((await l1.rollup.devnet.provider.getTransaction(transactionHash))?.maxFeePerGas).to.equal(2_100_000_000n);
  });

  it("sends again what the pool lost", async () => {
    const sender = l1.sender();
    await l1.rollup.devnet.setAutomine(false);
    const sending = sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    await l1.proxy.answered("eth_getTransactionByHash", 1);
    await l1.rollup.devnet.request("anvil_dropAllTransactions");
    await l1.rollup.devnet.mine();
    await l1.proxy.answered("eth_sendRawTransaction", 2);
    await l1.rollup.devnet.mine();
    expect((await sending)[0]?.succeeded).to.equal(true);
    expect(await l1.rollup.tokens(sender.address)).to.equal(1n);
  });

  it("sends again what the pool lost though no block comes", async () => {
    const sender = l1.sender();
    await l1.rollup.devnet.setAutomine(false);
    const sending = sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    await l1.proxy.answered("eth_getTransactionByHash", 1);
    await l1.rollup.devnet.request("anvil_dropAllTransactions");
    await l1.rollup.devnet.setAutomine(true);
    expect((await sending)[0]?.succeeded).to.equal(true);
  });

  it("sends again what an L1 reorg removed while somebody waits for its confirmations", async () => {
    const sender = l1.sender({ confirmations: 3 });
    const sending = sender.send([l1.rollup.mintTo(sender.address, 7n)]);
    // In its block, one confirmation of three.
    await l1.proxy.answered("eth_getTransactionReceipt", 2);
    expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
    await l1.rollup.devnet.setAutomine(false);
    await l1.rollup.devnet.reorg(1);
    await l1.proxy.answered("eth_sendRawTransaction", 2);
    await l1.rollup.devnet.mine(3);
    expect((await sending)[0]?.succeeded).to.equal(true);
    expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
    expect(await nonceOf(sender)).to.equal(1);
  });

  it("replaces what an aborted sending left in the pool", async () => {
    const sender = l1.sender();
    await l1.rollup.devnet.setAutomine(false);
    const controller = new AbortController();
    const abandoned = failure(sender.send([l1.rollup.mintTo(sender.address, 100n)], controller.signal));
    await l1.proxy.answered("eth_getTransactionByHash", 1);
    controller.abort();
    expect((await abandoned).code).to.equal("RUNTIME_ABORTED");
    const next = sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    // Once to give it its nonce, and once when it is watched.
    await l1.proxy.answeredAnew("eth_getTransactionCount", 2);
    await l1.rollup.devnet.mine();
    expect((await next)[0]?.succeeded).to.equal(true);
    expect(await l1.rollup.tokens(sender.address)).to.equal(1n);
    expect(await nonceOf(sender)).to.equal(1);
  });

  /** Blocks until `sending` is mined, each when the sender has looked twice. */
  async function mineFor(sending: Promise<readonly RawReceipt[]>): Promise<RawReceipt> {
    for (let blocks = 0; blocks < 10; blocks++) {
      const receipts = await Promise.race([sending, l1.proxy.answeredAnew("eth_getTransactionCount", 4)]);
      if (receipts) return receipts[0] as RawReceipt;
      await l1.rollup.devnet.mine();
    }
    return expect.fail("it is not mined after 10 blocks");
  }

  it("takes a new nonce when somebody else with the key used its own", async () => {
    const sender = l1.sender();
    await l1.rollup.devnet.setAutomine(false);
    const sending = sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    await l1.proxy.answered("eth_getTransactionByHash", 1);
    const high = { maxFeePerGas: "0x4a817c800", maxPriorityFeePerGas: "0x4a817c800" };
    await l1.rollup.devnet.request("eth_sendTransaction", [
      { from: sender.address, to: sender.address, nonce: "0x0", gas: "0x5208", ...high },
    ]);
    await l1.rollup.devnet.mine();
    // A sender that looked before this block has offered its own again, in vain.
    expect((await mineFor(sending)).succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(2);
    expect(l1.rollup.logger.lines("warn").at(-1)?.fields).to.deep.include({
      code: "L1_NONCE_CONTENTION",
      address: sender.address,
    });
  });

  /** A transaction that is mined, then one that waits; then a reorg reverts the first, and the pool has neither. */
  async function gapBelow(sender: TransactionSender, firstBy = sender) {
    await firstBy.send([l1.rollup.mintTo(sender.address, 1n)]);
    await l1.rollup.devnet.setAutomine(false);
    const waiting = sender.send([{ ...l1.rollup.mintTo(sender.address, 2n), gasLimit: 100_000n }]);
    await l1.proxy.answeredAnew("eth_sendRawTransaction");
    await l1.rollup.devnet.reorg(1);
    expect(await nonceOf(sender)).to.equal(0);
    return { waiting };
  }

  it("sends again what a reorg took back below a transaction that waits", async () => {
    const sender = l1.sender({ bumpAfterBlocks: 100 });
    const { waiting } = await gapBelow(sender);
    expect((await mineFor(waiting)).succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(2);
    expect(await l1.rollup.tokens(sender.address)).to.equal(3n);
  });

  it("uses the nonce up where what was sent with it is not known, or would revert now", async () => {
    const sender = l1.sender({ bumpAfterBlocks: 100 });
    const gap = await gapBelow(sender, l1.sender());
    expect((await mineFor(gap.waiting)).succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(2);
    expect(await l1.rollup.tokens(sender.address)).to.equal(2n);
    await l1.rollup.devnet.setAutomine(true);
    // Another's tokens, which the same reorg takes away again.
    const poor = l1.rollup.sender(29, { bumpAfterBlocks: 100 }, l1.endpoints);
    const transfer = {
      to: l1.rollup.contracts.token,
      data: tokenInterface.encodeFunctionData("transfer", [l1.rollup.contracts.rollup, 5n]),
      gasLimit: 100_000n,
    };
    await sender.send([l1.rollup.mintTo(poor.address, 5n)]);
    await poor.send([transfer]);
    await l1.rollup.devnet.setAutomine(false);
    const waiting = poor.send([{ ...l1.rollup.mintTo(poor.address, 2n), gasLimit: 100_000n }]);
    await l1.proxy.answeredAnew("eth_sendRawTransaction");
    await l1.rollup.devnet.reorg(2);
    expect((await mineFor(waiting)).succeeded).to.equal(true);
    expect(await nonceOf(poor)).to.equal(2);
    expect(await l1.rollup.tokens(poor.address)).to.equal(2n);
  });

  it("after a restart replaces what waits stuck in the pool, and does not take it for another process", async () => {
    await l1.rollup.devnet.setAutomine(false);
    const controller = new AbortController();
    const first = l1.sender();
    const stuck = failure(
      first.send(
        [
          l1.rollup.mintTo(first.address, 10n),
          l1.rollup.mintTo(first.address, 20n),
          l1.rollup.mintTo(first.address, 40n),
        ],
        controller.signal,
      ),
    );
    await l1.proxy.answeredAnew("eth_sendRawTransaction", 3);
    controller.abort();
    await stuck;
    const warned = l1.rollup.logger.lines("warn").length;
    const again = l1.sender({ bumpAfterBlocks: 1 });
    for (const amount of [1n, 2n]) {
      const sending = again.send([l1.rollup.mintTo(again.address, amount)]);
      expect((await mineFor(sending)).succeeded).to.equal(true);
    }
    expect(l1.rollup.logger.lines("info").at(-1)?.fields).to.deep.include({ firstNonce: 0, count: 3 });
    expect(l1.rollup.logger.lines("warn").slice(warned)).to.deep.equal([]);
  });

  it("refuses what the balance does not cover, and warns below the threshold", async () => {
    const sender = l1.sender({ lowBalance: Wei(10n ** 18n) });
    await l1.rollup.devnet.setBalance(sender.address, 1_000_000n);
    const error = await failure(sender.send([{ ...l1.rollup.mintTo(sender.address, 1n), gasLimit: 100_000n }]));
    expect(error.code).to.equal("L1_INSUFFICIENT_BALANCE");
    expect(error.message).to.contain(sender.address);
    expect(l1.rollup.logger.lines("warn").at(-1)?.fields).to.deep.equal({
      address: sender.address,
      balance: 1_000_000n,
      threshold: 10n ** 18n,
    });
    expect(await sender.balance()).to.equal(1_000_000n);
    expect(broadcasts()).to.equal(0);
  });

  it("counts a transaction that the pool has already as sent", async () => {
    const sender = l1.sender();
    let refused = 0;
    l1.proxy.intervene = async ({ method, params }) => {
      if (method !== "eth_sendRawTransaction" || refused++ > 0) return undefined;
      await l1.rollup.devnet.request(method, params);
      return { error: { code: -32000, message: "already known" } };
    };
    expect((await sender.send([l1.rollup.mintTo(sender.address, 1n)]))[0]?.succeeded).to.equal(true);
  });

  it("gives up on what L1 does not take, with L1's words", async () => {
    const sender = l1.sender();
    l1.proxy.intervene = ({ method }) =>
      method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "oversized data" } } : undefined;
    const error = await failure(sender.send([l1.rollup.mintTo(sender.address, 1n)]));
    expect(error.code).to.equal("L1_REJECTED");
    expect(error.message).to.contain("oversized data");
  });

  it("goes on when the endpoint that took a transaction fails", async () => {
    const second = await JsonRpcProxy.start(l1.rollup.devnet.url);
    const both = l1.rollup.endpointsAt([l1.proxy.url, second.url]);
    try {
      l1.proxy.intervene = ({ method }) => (method === "eth_getTransactionReceipt" ? { hangUp: true } : undefined);
      const sender = l1.rollup.sender(l1.account, {}, both);
      expect((await sender.send([l1.rollup.mintTo(sender.address, 1n)]))[0]?.succeeded).to.equal(true);
    } finally {
      both.close();
      await second.stop();
    }
  });

  it("waits for an L1 that is away for a while: what was sent is mined all the same", async () => {
    const sender = l1.sender();
    let away = 0;
    l1.proxy.intervene = ({ method }) => {
      if (method !== "eth_getTransactionReceipt" && away === 0) return undefined;
      return ++away <= 6 ? { hangUp: true } : undefined;
    };
    expect((await sender.send([l1.rollup.mintTo(sender.address, 1n)]))[0]?.succeeded).to.equal(true);
    expect(away).to.be.greaterThan(6);
    expect(await nonceOf(sender)).to.equal(1);
  });

  it("names transactions by their hash", async () => {
    const sender = l1.sender();
    const [receipt] = await sender.send([l1.rollup.mintTo(sender.address, 1n)]);
    const transaction = await l1.rollup.devnet.provider.getTransaction(receipt?.transactionHash as Hex);
    expect(transaction?.from.toLowerCase()).to.equal(sender.address);
  });
});
