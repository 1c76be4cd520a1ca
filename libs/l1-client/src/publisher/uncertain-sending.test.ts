import { expect } from "chai";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { TestRollup } from "../testing/test-rollup.js";

/** An endpoint that passes a transaction on, and whose answer is lost or none. */
describe("a transaction of which nobody knows whether it was sent", () => {
  let rollup: TestRollup;
  let first: JsonRpcProxy;
  let second: JsonRpcProxy;
  let account = 0;

  before(async () => {
    rollup = await TestRollup.start();
  });

  beforeEach(async () => {
    account++;
    first = await JsonRpcProxy.start(rollup.devnet.url);
    second = await JsonRpcProxy.start(rollup.devnet.url);
  });

  afterEach(async () => {
    await first.stop();
    await second.stop();
    await rollup.devnet.setAutomine(true);
    await rollup.devnet.mine();
  });

  after(async () => rollup.stop());

  /** Of the first endpoint's transactions, passes the n-th on and then answers so. @returns when it was passed on */
  function loseAnswer(n: number, answer: { readonly hangUp: true } | { readonly result: unknown }): Promise<void> {
    const passedOn = Promise.withResolvers<void>();
    let sent = 0;
    first.intervene = async ({ method, params }) => {
      if (method !== "eth_sendRawTransaction" || ++sent !== n) return undefined;
      try {
        await rollup.devnet.request(method, params);
      } catch {
        // The first offer again, which anvil evicted for its fee: the next one is meant.
        sent--;
        return undefined;
      }
      passedOn.resolve();
      return answer;
    };
    return passedOn.promise;
  }

  for (const [name, answer] of [
    ["hangs up", { hangUp: true }],
    ["answers with what is no hash", { result: "0x12" }],
  ] as const)
    for (const urls of [1, 2])
      it(`is carried out once when an endpoint takes it and ${name}; of ${urls}`, async () => {
        const endpoints = rollup.endpointsAt([first.url, second.url].slice(0, urls));
        try {
          const sender = rollup.sender(account, {}, endpoints);
          void loseAnswer(2, answer);
          const receipts = await sender.send([1n, 10n, 100n].map(amount => rollup.mintTo(sender.address, amount)));
          expect(receipts.map(({ succeeded }) => succeeded)).to.deep.equal([true, true, true]);
          expect(await rollup.tokens(sender.address)).to.equal(111n);
        } finally {
          endpoints.close();
        }
      });

  it("is carried out once when it offers more, and the answer to that is lost", async () => {
    const endpoints = rollup.endpointsAt([first.url, second.url]);
    try {
      const sender = rollup.sender(account, { bumpAfterBlocks: 1 }, endpoints);
      await rollup.devnet.setAutomine(false);
      const passedOn = loseAnswer(2, { hangUp: true });
      const sending = sender.send([rollup.mintTo(sender.address, 7n)]);
      await first.answered("eth_sendRawTransaction", 1);
      // The first offer is below this base fee, the second is not.
      await rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x4a817c800"]);
      await rollup.devnet.mine();
      await passedOn;
      await rollup.devnet.setAutomine(true);
      await rollup.devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]);
      // Anvil may have evicted the first offer: what was passed on is that one again, and the second comes later.
      const ended = sending.then(() => "ended");
      const looked = () => Promise.race([first, second].map(each => each.answeredAnew("eth_getTransactionCount", 2)));
      do await rollup.devnet.mine();
      while ((await Promise.race([ended, looked()])) !== "ended");
      expect((await sending)[0]?.succeeded).to.equal(true);
      expect(await rollup.tokens(sender.address)).to.equal(7n);
    } finally {
      endpoints.close();
    }
  });
});
