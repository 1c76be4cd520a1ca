import { codeOf, type EthAddress } from "@sprtn/primitives";
import { expect } from "chai";
import { Transaction } from "ethers";
import { tokenInterface } from "../contracts/interfaces.js";
import { useProxiedRollup } from "../testing/proxied-rollup.js";
import type { RawReceipt } from "./raw-receipt.js";
import type { TransactionRequest } from "./transaction-request.js";

describe("TransactionSender on an L1 whose state is not what it was", () => {
  const l1 = useProxiedRollup();

  const target = (name: string, args: readonly unknown[]) => ({
    to: l1.rollup.contracts.token,
    data: tokenInterface.encodeFunctionData(name, args),
  });
  const mintTo = (recipient: EthAddress, amount: bigint): TransactionRequest => target("mint", [recipient, amount]);
  const tokens = async (owner: EthAddress) =>
    BigInt(await l1.rollup.devnet.provider.call(target("balanceOf", [owner])));
  const nonceOf = ({ address }: { readonly address: EthAddress }) =>
    l1.rollup.devnet.provider.getTransactionCount(address);

  /** Blocks until `sending` is mined, each when the sender has looked twice. */
  async function mineFor(sending: Promise<readonly RawReceipt[]>): Promise<RawReceipt> {
    for (let blocks = 0; blocks < 10; blocks++) {
      const receipts = await Promise.race([sending, l1.proxy.answeredAnew("eth_getTransactionCount", 4)]);
      if (receipts) return receipts[0] as RawReceipt;
      await l1.rollup.devnet.mine();
    }
    return expect.fail("it is not mined after 10 blocks");
  }

  it("estimates anew what an L1 reorg makes dearer while it waits", async () => {
    const [sender, other] = [l1.sender(), l1.rollup.sender(21)];
    const recipient = "0x00000000000000000000000000000000000abcde" as EthAddress;
    await other.send([mintTo(recipient, 1n)]);
    await l1.rollup.devnet.setAutomine(false);
    // The recipient's first tokens cost more than its second.
    const waiting = sender.send([mintTo(recipient, 2n)]);
    await l1.proxy.answeredAnew("eth_sendRawTransaction");
    await l1.rollup.devnet.reorg(1);
    expect((await mineFor(waiting)).succeeded).to.equal(true);
    expect(await tokens(recipient)).to.equal(2n);
  });

  it("takes an endpoint whose head lags for no other process with its key", async () => {
    const sender = l1.sender();
    await sender.send([mintTo(sender.address, 1n)]);
    const warned = l1.rollup.logger.lines("warn").length;
    await l1.rollup.devnet.setAutomine(false);
    let lags = true;
    l1.proxy.intervene = ({ method }) => (lags && method === "eth_getTransactionCount" ? { result: "0x0" } : undefined);
    const sending = sender.send([mintTo(sender.address, 2n), mintTo(sender.address, 4n)]);
    await l1.proxy.answeredAnew("eth_getTransactionCount", 5);
    lags = false;
    expect((await mineFor(sending)).succeeded).to.equal(true);
    expect(await nonceOf(sender)).to.equal(3);
    expect(await tokens(sender.address)).to.equal(7n);
    expect(l1.rollup.logger.lines("warn").slice(warned)).to.deep.equal([]);
  });

  it("takes a transaction that it gave up, and L1 included, for no other process with its key", async () => {
    const sender = l1.sender();
    const warned = l1.rollup.logger.lines("warn").length;
    await l1.rollup.devnet.setAutomine(false);
    const controller = new AbortController();
    const given = sender.send([mintTo(sender.address, 1n)], controller.signal).catch((error: unknown) => codeOf(error));
    await l1.proxy.answeredAnew("eth_getTransactionByHash");
    controller.abort();
    expect(await given).to.equal("RUNTIME_ABORTED");
    await l1.rollup.devnet.mine();
    let lags = true;
    l1.proxy.intervene = ({ method }) => (lags && method === "eth_getTransactionCount" ? { result: "0x0" } : undefined);
    const sending = sender.send([mintTo(sender.address, 2n)]);
    await l1.proxy.answeredAnew("eth_getTransactionCount", 5);
    lags = false;
    expect((await mineFor(sending)).succeeded).to.equal(true);
    expect(await tokens(sender.address)).to.equal(3n);
    expect(l1.rollup.logger.lines("warn").slice(warned)).to.deep.equal([]);
  });

  it("does not send again what would revert now: an empty transfer uses up the nonce that a reorg left", async () => {
    const [sender, other] = [l1.sender({ bumpAfterBlocks: 100 }), l1.rollup.sender(22)];
    await other.send([mintTo(sender.address, 5n)]);
    const former = target("transfer", [l1.rollup.contracts.rollup, 5n]);
    await sender.send([{ ...former, gasLimit: 100_000n }]);
    await l1.rollup.devnet.setAutomine(false);
    const waiting = sender.send([{ ...mintTo(sender.address, 2n), gasLimit: 100_000n }]);
    await l1.proxy.answeredAnew("eth_sendRawTransaction");
    // With the tokens that it was to pay.
    await l1.rollup.devnet.reorg(2);
    expect((await mineFor(waiting)).succeeded).to.equal(true);
    const sent = l1.proxy.calls.filter(call => call.method === "eth_sendRawTransaction");
    const filled = sent.map(({ params }) => Transaction.from(String(params[0]))).filter(({ nonce }) => nonce === 0);
    expect(filled.map(({ data }) => data)).to.deep.equal([former.data, "0x"]);
  });
});
