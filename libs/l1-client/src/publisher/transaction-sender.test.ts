import { Field, fieldToHex, type Hex } from "@sprtn/primitives";
import { expect } from "chai";
import { feePortalInterface, tokenInterface } from "../contracts/interfaces.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { TestRollup } from "../testing/test-rollup.js";
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
  let rollup: TestRollup;
  let proxy: JsonRpcProxy;
  let endpoints: L1Endpoints;
  /** Every test has its own account, so that nonces start at 0. */
  let account = 1;

  before(async () => {
    rollup = await TestRollup.start();
  });

  beforeEach(async () => {
    account++;
    proxy = await JsonRpcProxy.start(rollup.devnet.url);
    endpoints = rollup.endpointsAt([proxy.url]);
  });

  afterEach(async () => {
    endpoints.close();
    await proxy.stop();
    await rollup.devnet.setAutomine(true);
    await rollup.devnet.mine();
  });

  after(async () => rollup.stop());

  const senderOf = (change = {}) => rollup.sender(account, change, endpoints);
  const nonceOf = async (sender: TransactionSender) =>
    Number(await rollup.devnet.request("eth_getTransactionCount", [sender.address, "latest"]));
  const broadcasts = () => proxy.calls.filter(call => call.method === "eth_sendRawTransaction").length;

  it("sends a group with nonces in a row and resolves when all are mined", async () => {
    const sender = senderOf();
    const receipts = await sender.send([
      rollup.mintTo(sender.address, 1n),
      rollup.mintTo(sender.address, 2n),
      rollup.mintTo(sender.address, 3n),
    ]);
    expect(receipts.every(receipt => receipt.succeeded)).to.equal(true);
    expect(await nonceOf(sender)).to.equal(3);
    expect(await rollup.tokens(sender.address)).to.equal(6n);
  });

  it("sends groups one at a time, in order", async () => {
    const sender = senderOf();
    const amounts = [1n, 2n, 4n, 8n];
    const receipts = await Promise.all(
      amounts.map(async amount => sender.send([rollup.mintTo(sender.address, amount)])),
    );
    const blocks = receipts.map(([receipt]) => receipt?.blockNumber ?? 0);
    expect(blocks).to.deep.equal(blocks.toSorted((a, b) => a - b));
    expect(await rollup.tokens(sender.address)).to.equal(15n);
  });

  it("does not send what an estimate says reverts, and tells why", async () => {
    const sender = senderOf();
    const data = tokenInterface.encodeFunctionData("transfer", [rollup.contracts.rollup, 5n]);
    const error = await failure(sender.send([{ to: rollup.contracts.token, data }]));
    expect(error.code).to.equal("L1_REVERTED");
    expect(error.payload.reason).to.equal("ERC20InsufficientBalance");
    expect(error.payload.args).to.include({ balance: "0", needed: "5" });
    expect(broadcasts()).to.equal(0);
    expect(error.message.length).to.be.lessThan(300);
  });

  it("tells why a mined transaction reverted", async () => {
    const sender = senderOf();
    const data = tokenInterface.encodeFunctionData("transfer", [rollup.contracts.rollup, 5n]);
    const error = await failure(sender.send([{ to: rollup.contracts.token, data, gasLimit: 100_000n }]));
    expect(error.payload.reason).to.equal("ERC20InsufficientBalance");
    expect(error.payload.transactionHash).to.match(/^0x/);
    expect(await nonceOf(sender)).to.equal(1);
    const short = await failure(sender.send([{ ...rollup.mintTo(sender.address, 1n), gasLimit: 30_000n }]));
    expect(short.payload.reason).to.equal("out-of-gas");
  });

  it("knows out of gas inside a call, which ends below the limit (EIP-150)", async () => {
    const sender = senderOf();
    const approval = {
      to: rollup.contracts.token,
      data: tokenInterface.encodeFunctionData("approve", [rollup.contracts.feePortal, 5n]),
    };
    await sender.send([rollup.mintTo(sender.address, 5n), approval]);
    const data = feePortalInterface.encodeFunctionData("deposit", [fieldToHex(Field(7n)), 5n, fieldToHex(Field(8n))]);
    const error = await failure(sender.send([{ to: rollup.contracts.feePortal, data, gasLimit: 90_000n }]));
    const receipt = await rollup.devnet.provider.getTransactionReceipt(error.payload.transactionHash as Hex);
    expect(Number(receipt?.gasUsed)).to.be.lessThan(90_000);
    expect(error.payload.reason).to.equal("out-of-gas");
  });

  /** Mines blocks of this base fee until `sending` ends; between two blocks the sender looks at least once. */
  async function mineUntil(sending: Promise<readonly RawReceipt[]>, baseFee: bigint): Promise<RawReceipt> {
    for (let blocks = 0; blocks < 20; blocks++) {
      await rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", [`0x${baseFee.toString(16)}`]);
      await rollup.devnet.mine();
      const receipts = await Promise.race([sending, proxy.answeredAnew("eth_getTransactionCount", 2)]);
      if (receipts) return receipts[0] as RawReceipt;
    }
    return expect.fail("it is not mined after 20 blocks");
  }

  it("offers more for what is not included, with the same nonce", async () => {
    const told = rollup.logger.lines("verbose").length;
    const sender = senderOf({ bumpAfterBlocks: 2 });
    await rollup.devnet.setAutomine(false);
    const sending = sender.send([rollup.mintTo(sender.address, 1n)]);
    await proxy.answered("eth_sendRawTransaction", 1);
    // A base fee above what was offered.
    const receipt = await mineUntil(sending, 20_000_000_000n);
    expect(receipt.succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(1);
    const offers = rollup.logger.lines("verbose").slice(told);
    expect(offers.some(({ fields }) => "replacement" in fields && fields["nonce"] === 0)).to.equal(true);
    await rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]);
    await rollup.devnet.mine();
  });

  it("does not offer more than the cap, and warns", async () => {
    const sender = senderOf({ bumpAfterBlocks: 1, maxFeePerGas: 2_100_000_000n });
    await rollup.devnet.setAutomine(false);
    const sending = sender.send([rollup.mintTo(sender.address, 1n)]);
    await proxy.answered("eth_sendRawTransaction", 1);
    await rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x4a817c800"]);
    await rollup.devnet.mine();
    await proxy.answeredAnew("eth_maxPriorityFeePerGas");
    await proxy.answeredAnew("eth_getTransactionCount");
    expect(rollup.logger.lines("warn").at(-1)?.fields).to.deep.include({ nonce: 0, maxFeePerGas: 2_100_000_000n });
    const { transactionHash, succeeded } = await mineUntil(sending, 1_000_000_000n);
    expect(succeeded).to.equal(true);
    expect((await rollup.devnet.provider.getTransaction(transactionHash))?.maxFeePerGas).to.equal(2_100_000_000n);
  });

  it("sends again what the pool lost", async () => {
    const sender = senderOf();
    await rollup.devnet.setAutomine(false);
    const sending = sender.send([rollup.mintTo(sender.address, 1n)]);
    await proxy.answered("eth_getTransactionByHash", 1);
    await rollup.devnet.request("anvil_dropAllTransactions");
    await rollup.devnet.mine();
    await proxy.answered("eth_sendRawTransaction", 2);
    await rollup.devnet.mine();
    expect((await sending)[0]?.succeeded).to.equal(true);
    expect(await rollup.tokens(sender.address)).to.equal(1n);
  });

  it("sends again what the pool lost though no block comes", async () => {
    const sender = senderOf();
    await rollup.devnet.setAutomine(false);
    const sending = sender.send([rollup.mintTo(sender.address, 1n)]);
    await proxy.answered("eth_getTransactionByHash", 1);
    await rollup.devnet.request("anvil_dropAllTransactions");
    await rollup.devnet.setAutomine(true);
    expect((await sending)[0]?.succeeded).to.equal(true);
  });

  it("sends again what an L1 reorg removed while somebody waits for its confirmations", async () => {
    const sender = senderOf({ confirmations: 3 });
    const sending = sender.send([rollup.mintTo(sender.address, 7n)]);
    // In its block, one confirmation of three.
    await proxy.answered("eth_getTransactionReceipt", 2);
    expect(await rollup.tokens(sender.address)).to.equal(7n);
    await rollup.devnet.setAutomine(false);
    await rollup.devnet.reorg(1);
    await proxy.answered("eth_sendRawTransaction", 2);
    await rollup.devnet.mine(3);
    expect((await sending)[0]?.succeeded).to.equal(true);
    expect(await rollup.tokens(sender.address)).to.equal(7n);
    expect(await nonceOf(sender)).to.equal(1);
  });

  it("replaces what an aborted sending left in the pool", async () => {
    const sender = senderOf();
    await rollup.devnet.setAutomine(false);
    const controller = new AbortController();
    const abandoned = failure(sender.send([rollup.mintTo(sender.address, 100n)], controller.signal));
    await proxy.answered("eth_getTransactionByHash", 1);
    controller.abort();
    expect((await abandoned).code).to.equal("RUNTIME_ABORTED");
    const next = sender.send([rollup.mintTo(sender.address, 1n)]);
    // Once to give it its nonce, and once when it is watched.
    await proxy.answeredAnew("eth_getTransactionCount", 2);
    await rollup.devnet.mine();
    expect((await next)[0]?.succeeded).to.equal(true);
    expect(await rollup.tokens(sender.address)).to.equal(1n);
    expect(await nonceOf(sender)).to.equal(1);
  });

  it("takes a new nonce when somebody else with the key used its own", async () => {
    const sender = senderOf();
    await rollup.devnet.setAutomine(false);
    const sending = sender.send([rollup.mintTo(sender.address, 1n)]);
    await proxy.answered("eth_getTransactionByHash", 1);
    const high = { maxFeePerGas: "0x4a817c800", maxPriorityFeePerGas: "0x4a817c800" };
    await rollup.devnet.request("eth_sendTransaction", [
      { from: sender.address, to: sender.address, nonce: "0x0", gas: "0x5208", ...high },
    ]);
    await rollup.devnet.mine();
    await proxy.answered("eth_sendRawTransaction", 2);
    await rollup.devnet.mine();
    expect((await sending)[0]?.succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(2);
    expect(rollup.logger.lines("warn").at(-1)?.fields).to.deep.include({
      code: "L1_NONCE_CONTENTION",
      address: sender.address,
    });
  });

  /** A transaction that is mined, then one that waits; then a reorg reverts the first, and the pool has neither. */
  async function gapBelow(sender: TransactionSender, firstBy = sender) {
    await firstBy.send([rollup.mintTo(sender.address, 1n)]);
    await rollup.devnet.setAutomine(false);
    const waiting = sender.send([{ ...rollup.mintTo(sender.address, 2n), gasLimit: 100_000n }]);
    await proxy.answeredAnew("eth_sendRawTransaction");
    await rollup.devnet.reorg(1);
    expect(await nonceOf(sender)).to.equal(0);
    return { waiting };
  }

  /** Blocks until `sending` is mined, each when the sender has looked twice. */
  async function mineFor(sending: Promise<readonly RawReceipt[]>): Promise<RawReceipt> {
    for (let blocks = 0; blocks < 10; blocks++) {
      const receipts = await Promise.race([sending, proxy.answeredAnew("eth_getTransactionCount", 4)]);
      if (receipts) return receipts[0] as RawReceipt;
      await rollup.devnet.mine();
    }
    return expect.fail("it is not mined after 10 blocks");
  }

  it("sends again what a reorg took back below a transaction that waits", async () => {
    const sender = senderOf({ bumpAfterBlocks: 100 });
    const { waiting } = await gapBelow(sender);
    expect((await mineFor(waiting)).succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(2);
    expect(await rollup.tokens(sender.address)).to.equal(3n);
  });

  it("uses the nonce up where what was sent with it is not known, or would revert now", async () => {
    const sender = senderOf({ bumpAfterBlocks: 100 });
    const gap = await gapBelow(sender, senderOf());
    expect((await mineFor(gap.waiting)).succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(2);
    expect(await rollup.tokens(sender.address)).to.equal(2n);
    await rollup.devnet.setAutomine(true);
    // Another's tokens, which the same reorg takes away again.
    account++;
    const poor = senderOf({ bumpAfterBlocks: 100 });
    const transfer = {
      to: rollup.contracts.token,
      data: tokenInterface.encodeFunctionData("transfer", [rollup.contracts.rollup, 5n]),
      gasLimit: 100_000n,
    };
    await sender.send([rollup.mintTo(poor.address, 5n)]);
    await poor.send([transfer]);
    await rollup.devnet.setAutomine(false);
    const waiting = poor.send([{ ...rollup.mintTo(poor.address, 2n), gasLimit: 100_000n }]);
    await proxy.answeredAnew("eth_sendRawTransaction");
    await rollup.devnet.reorg(2);
    expect((await mineFor(waiting)).succeeded).to.equal(true);
    expect(await nonceOf(poor)).to.equal(2);
    expect(await rollup.tokens(poor.address)).to.equal(2n);
  });

  it("after a restart replaces what waits stuck in the pool, and does not take it for another process", async () => {
    await rollup.devnet.setAutomine(false);
    const controller = new AbortController();
    const first = senderOf();
    const stuck = failure(
      first.send(
        [rollup.mintTo(first.address, 10n), rollup.mintTo(first.address, 20n), rollup.mintTo(first.address, 40n)],
        controller.signal,
      ),
    );
    await proxy.answeredAnew("eth_sendRawTransaction", 3);
    controller.abort();
    await stuck;
    const warned = rollup.logger.lines("warn").length;
    const again = senderOf({ bumpAfterBlocks: 1 });
    for (const amount of [1n, 2n]) {
      const sending = again.send([rollup.mintTo(again.address, amount)]);
      expect((await mineFor(sending)).succeeded).to.equal(true);
    }
    expect(rollup.logger.lines("info").at(-1)?.fields).to.deep.include({ firstNonce: 0, count: 3 });
    expect(rollup.logger.lines("warn").slice(warned)).to.deep.equal([]);
  });

  it("refuses what the balance does not cover, and warns below the threshold", async () => {
    const sender = senderOf({ lowBalance: 10n ** 18n });
    await rollup.devnet.setBalance(sender.address, 1_000_000n);
    const error = await failure(sender.send([{ ...rollup.mintTo(sender.address, 1n), gasLimit: 100_000n }]));
    expect(error.code).to.equal("L1_INSUFFICIENT_BALANCE");
    expect(error.message).to.contain(sender.address);
    expect(rollup.logger.lines("warn").at(-1)?.fields).to.deep.equal({
      address: sender.address,
      balance: 1_000_000n,
      threshold: 10n ** 18n,
    });
    expect(await sender.balance()).to.equal(1_000_000n);
    expect(broadcasts()).to.equal(0);
  });

  it("counts a transaction that the pool has already as sent", async () => {
    const sender = senderOf();
    let refused = 0;
    proxy.intervene = async ({ method, params }) => {
      if (method !== "eth_sendRawTransaction" || refused++ > 0) return undefined;
      await rollup.devnet.request(method, params);
      return { error: { code: -32000, message: "already known" } };
    };
    expect((await sender.send([rollup.mintTo(sender.address, 1n)]))[0]?.succeeded).to.equal(true);
  });

  it("gives up on what L1 does not take, with L1's words", async () => {
    const sender = senderOf();
    proxy.intervene = ({ method }) =>
      method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "oversized data" } } : undefined;
    const error = await failure(sender.send([rollup.mintTo(sender.address, 1n)]));
    expect(error.code).to.equal("L1_REJECTED");
    expect(error.message).to.contain("oversized data");
  });

  it("goes on when the endpoint that took a transaction fails", async () => {
    const second = await JsonRpcProxy.start(rollup.devnet.url);
    const both = rollup.endpointsAt([proxy.url, second.url]);
    try {
      proxy.intervene = ({ method }) => (method === "eth_getTransactionReceipt" ? { hangUp: true } : undefined);
      const sender = rollup.sender(account, {}, both);
      expect((await sender.send([rollup.mintTo(sender.address, 1n)]))[0]?.succeeded).to.equal(true);
    } finally {
      both.close();
      await second.stop();
    }
  });

  it("waits for an L1 that is away for a while: what was sent is mined all the same", async () => {
    const sender = senderOf();
    let away = 0;
    proxy.intervene = ({ method }) => {
      if (method !== "eth_getTransactionReceipt" && away === 0) return undefined;
      return ++away <= 6 ? { hangUp: true } : undefined;
    };
    expect((await sender.send([rollup.mintTo(sender.address, 1n)]))[0]?.succeeded).to.equal(true);
    expect(away).to.be.greaterThan(6);
    expect(await nonceOf(sender)).to.equal(1);
  });

  it("names transactions by their hash", async () => {
    const sender = senderOf();
    const [receipt] = await sender.send([rollup.mintTo(sender.address, 1n)]);
    const transaction = await rollup.devnet.provider.getTransaction(receipt?.transactionHash as Hex);
    expect(transaction?.from.toLowerCase()).to.equal(sender.address);
  });
});
