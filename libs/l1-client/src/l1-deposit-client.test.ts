import { EthAddress, Field } from "@sprtn/primitives";
import { hashL1ToL2Message, hashWithdrawal } from "@sprtn/protocol";
import { buildEffect } from "@sprtn/testing";
import { expect } from "chai";
import { L1DepositClient } from "./l1-deposit-client.js";
import { EthersL1Publisher } from "./publisher/ethers-l1-publisher.js";
import { JsonRpcProxy } from "./testing/json-rpc-proxy.js";
import { TestRollup } from "./testing/test-rollup.js";

describe("L1DepositClient", () => {
  let rollup: TestRollup;
  let client: L1DepositClient;

  before(async () => {
    rollup = await TestRollup.start();
    client = new L1DepositClient({ sender: rollup.sender(3), endpoints: rollup.endpoints }, rollup);
  });

  after(async () => rollup.stop());

  const identity = () => ({ chainId: 31337n, rollupVersion: 1n, feePortal: rollup.contracts.feePortal });

  it("mints, approves once, deposits, and returns the messages that L1 sent", async () => {
    await client.mint(1000n);
    expect(await client.tokenBalance()).to.equal(1000n);
    const request = { recipient: Field(77n), amount: 400n, secretHash: Field(5n) };
    const first = await client.deposit(request);
    const second = await client.deposit(request);
    expect([second.globalIndex - first.globalIndex, first.blockNumber, second.blockNumber]).to.deep.equal([1n, 3, 3]);
    expect(first.hash).to.equal(hashL1ToL2Message(identity(), { ...request, globalIndex: first.globalIndex }));
    expect(await client.tokenBalance()).to.equal(200n);
    expect(await client.tokenBalance(rollup.contracts.feePortal)).to.equal(800n);
  });

  it("says when there are no tokens to deposit", async () => {
    const error = await client.deposit({ recipient: Field(77n), amount: 10n ** 30n, secretHash: Field(5n) }).then(
      () => expect.fail("it should have failed"),
      (reason: { payload: { reason: string } }) => reason,
    );
    expect(error.payload.reason).to.equal("ERC20InsufficientBalance");
  });

  it("pays out a proven withdrawal", async () => {
    const recipient = EthAddress("0x00000000000000000000000000000000000beef1");
    const publisher = rollup.publisher(1);
    const effect = buildEffect(1, { l2ToL1Message: hashWithdrawal(identity(), recipient, 300n) });
    const block = await rollup.propose(publisher, 2, [effect]);
    await rollup.passTo(4);
    await publisher.submitProof(await rollup.proof(block, publisher.address));
    await client.withdraw({ recipient, amount: 300n, blockNumber: block.decoded.number, leafId: 1n, path: [] });
    expect(await client.tokenBalance(recipient)).to.equal(300n);
  });

  it("has gas enough when a proposal comes before it in its L1 block: it then opens another subtree", async () => {
    const proxy = await JsonRpcProxy.start(rollup.devnet.url);
    const endpoints = rollup.endpointsAt([proxy.url]);
    try {
      const depositor = new L1DepositClient({ sender: rollup.sender(4, {}, endpoints), endpoints }, rollup);
      const publisher = new EthersL1Publisher(
        { sender: rollup.sender(5, {}, endpoints), endpoints },
        { contracts: rollup.contracts, committeeSize: 4 },
      );
      const request = { recipient: Field(77n), amount: 10n, secretHash: Field(5n) };
      await depositor.mint(100n);
      const before = await depositor.deposit(request);
      await rollup.devnet.setAutomine(false);
      await rollup.enter(6);
      const proposed = publisher.propose([await rollup.build(6)]);
      await proxy.answeredAnew("eth_sendRawTransaction");
      const deposited = depositor.deposit(request);
      await proxy.answeredAnew("eth_sendRawTransaction");
      await rollup.devnet.mine();
      expect([
        (await deposited).blockNumber,
        (await rollup.devnet.provider.getTransactionReceipt((await deposited).transactionHash))?.blockNumber,
      ]).to.deep.equal([before.blockNumber + 1, (await proposed).blockNumber]);
    } finally {
      await rollup.devnet.setAutomine(true);
      endpoints.close();
      await proxy.stop();
    }
  });
});
