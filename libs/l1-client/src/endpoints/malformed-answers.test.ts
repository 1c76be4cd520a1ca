import { Bytes32, codeOf, CodedError, Epoch, Field, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import { EthersCommitteeSource } from "../ethers-committee-source.js";
import { EthersRollupView } from "../ethers-rollup-view.js";
import { malformations, malformed } from "../faulty-l1/malformed.js";
import { latestBlock } from "../heads/latest-block.js";
import { L1ErrorCode } from "../l1-error.js";
import { L1DepositClient } from "../l1-deposit-client.js";
import { broadcast } from "../publisher/broadcast.js";
import { estimateGas } from "../publisher/estimate-gas.js";
import { marketFees } from "../publisher/fees.js";
import { rawReceipt } from "../publisher/raw-receipt.js";
import { EthersL1Reader } from "../reader/ethers-l1-reader.js";
import type { Intervention } from "../faulty-l1/json-rpc-proxy.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { TestRollup } from "../testing/test-rollup.js";
import type { L1Endpoints } from "./l1-endpoints.js";

/** Something that a node asks L1 for, of these endpoints. */
type Asking = (endpoints: L1Endpoints) => Promise<unknown>;

describe("what an L1 endpoint answers with values that cannot be", () => {
  let rollup: TestRollup;
  let proxy: JsonRpcProxy;
  let single: L1Endpoints;
  let receiptOf = "";
  let raw = "";
  const opened: L1Endpoints[] = [];

  before(async () => {
    rollup = await TestRollup.start({ committeeSize: 4 }, 8);
    await rollup.passTo(1);
    proxy = await JsonRpcProxy.start(rollup.devnet.url);
    single = open([proxy.url]);
    const [receipt] = await rollup.sender(1, {}, single).send([request()]);
    receiptOf = receipt?.transactionHash ?? "";
    raw = proxy.calls.find(({ method }) => method === "eth_sendRawTransaction")?.params[0] as string;
    await deposits(rollup.endpoints).mint(1000n);
    await deposits(rollup.endpoints).deposit({ recipient: Field(5n), amount: 1000n, secretHash: Field(9n) });
  });
  after(async () => {
    for (const endpoints of opened) endpoints.close();
    await proxy.stop();
    await rollup.stop();
  });
  beforeEach(() => {
    proxy.intervene = () => undefined;
  });

  const open = (urls: readonly string[]) => {
    const endpoints = rollup.endpointsAt(urls);
    opened.push(endpoints);
    return endpoints;
  };
  const deposits = (endpoints: L1Endpoints) =>
    new L1DepositClient({ sender: rollup.sender(2, {}, endpoints), endpoints }, { contracts: rollup.contracts });
  const reader = (endpoints: L1Endpoints) =>
    new EthersL1Reader({ endpoints }, { contracts: rollup.contracts, startBlock: L1BlockNumber(0) });
  const view = (endpoints: L1Endpoints) =>
    new EthersRollupView({ endpoints }, { contracts: rollup.contracts, parameters: rollup.parameters });
  const committees = (endpoints: L1Endpoints) =>
    new EthersCommitteeSource({ endpoints }, { contracts: rollup.contracts, time: rollup.parameters });
  const request = () => ({ to: rollup.sender(1).address, data: "0x" });

  /** Whatever a node reads of L1, and how it hands in a transaction. */
  const askings: Readonly<Record<string, Asking>> = {
    head: endpoints => reader(endpoints).head(),
    finalized: endpoints => reader(endpoints).finalized(),
    block: endpoints => reader(endpoints).block(L1BlockNumber(1)),
    events: async endpoints =>
      reader(endpoints).events(L1BlockNumber(0), (await reader(rollup.endpoints).head()).number),
    stateAt: async endpoints => reader(endpoints).stateAt(await reader(rollup.endpoints).head()),
    tips: endpoints => view(endpoints).tips(),
    isSetUp: endpoints => view(endpoints).isSetUp(Epoch(0)),
    canPrune: endpoints => view(endpoints).canPrune(UnixSeconds(0)),
    validatorsAt: endpoints => committees(endpoints).validatorsAt(Epoch(0)),
    seedOf: endpoints => committees(endpoints).seedOf(Epoch(0)),
    balance: endpoints => rollup.sender(1, {}, endpoints).balance(),
    tokenBalance: endpoints => deposits(endpoints).tokenBalance(),
    latestBlock: endpoints => endpoints.run(latestBlock),
    gas: endpoints => endpoints.run(provider => estimateGas(provider, request(), rollup.sender(1).address)),
    fees: endpoints =>
      endpoints.run(provider => {
        const settings = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 12n, bumpPercent: 10 };
        return marketFees(provider, settings, rollup.logger);
      }),
    receipt: endpoints => endpoints.run(provider => rawReceipt(provider, receiptOf)),
    transaction: endpoints =>
      endpoints.run(async provider => (await provider.send("eth_getTransactionByHash", [receiptOf])) !== null),
    nonce: endpoints =>
      endpoints.run(async provider =>
        Number((await provider.send("eth_getTransactionCount", [rollup.sender(1).address, "latest"])) as string),
      ),
    blockNumber: endpoints => endpoints.run(provider => provider.getBlockNumber()),
  };

  const outcome = (asked: Promise<unknown>): Promise<{ value: unknown } | { error: unknown }> =>
    asked.then(
      value => ({ value }),
      (error: unknown) => ({ error }),
    );

  for (const [name, asking] of Object.entries(askings))
    it(`${name}: is the endpoint's fault, and the next one is asked at once`, async () => {
      const before = proxy.calls.length;
      const right = await asking(open([proxy.url]));
      const methods = new Set(proxy.calls.slice(before).map(({ method }) => method));
      expect(methods.size).to.be.above(1);
      for (const method of methods)
        for (const how of malformations) {
          const what = `${method}, ${how}`;
          proxy.intervene = async call =>
            call.method === method
              ? { result: malformed((await proxy.ask(call.method, call.params)).result, how) }
              : undefined;
          const alone = await outcome(asking(open([proxy.url])));
          expect("error" in alone ? codeOf(alone.error) : alone, what).to.equal("L1_BAD_ANSWER");
          expect(await asking(open([proxy.url, rollup.devnet.url])), what).to.deep.equal(right);
          const told = rollup.logger.lines("warn").at(-1)?.fields;
          expect([told?.["endpoint"], told?.["code"]], what).to.deep.equal([proxy.url, "L1_BAD_ANSWER"]);
        }
    });

  it("a transaction's hash: is sent again by the next one, which has it", async () => {
    proxy.intervene = ({ method }) => (method === "eth_sendRawTransaction" ? { result: "banana" } : undefined);
    const asking: Asking = endpoints => endpoints.run(provider => broadcast(provider, raw));
    const alone = await outcome(asking(single));
    expect("error" in alone && codeOf(alone.error)).to.equal("L1_BAD_ANSWER");
    expect(await asking(open([proxy.url, rollup.devnet.url]))).to.be.oneOf(["accepted", "nonce-used"]);
  });

  const methods = [
    ...["eth_chainId", "eth_blockNumber", "eth_getBlockByNumber", "eth_getLogs", "eth_call", "eth_getBalance"],
    ...["eth_getTransactionCount", "eth_getTransactionReceipt", "eth_getTransactionByHash"],
    ...["eth_estimateGas", "eth_maxPriorityFeePerGas"],
  ];
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("0x", "0x0", "0x1", `0x${"ff".repeat(32)}`, `0x${"ff".repeat(64)}`, [], {}, null, -1, 2 ** 60),
    fc.array(fc.record({ topics: fc.jsonValue(), blockNumber: fc.jsonValue(), address: fc.jsonValue() })),
    fc.record({
      number: fc.jsonValue(),
      hash: fc.constant(Bytes32(`0x${"11".repeat(32)}`)),
      timestamp: fc.jsonValue(),
    }),
  );

  it("whatever JSON comes back: a value, or a coded error that blames the answer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(askings)),
        fc.constantFrom(...methods),
        anything,
        async (asking, method, result) => {
          proxy.intervene = call => (call.method === method ? { result } : undefined);
          const came = await outcome(asking(single));
          if (!("error" in came)) return;
          expect(came.error).to.be.instanceOf(CodedError);
          // L1 has not refused anything: what it said made no sense.
          expect(codeOf(came.error)).to.not.equal(L1ErrorCode.REQUEST_FAILED);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("whatever JSON comes back as an error: a coded one", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(askings)),
        fc.constantFrom(...methods),
        fc.oneof(
          fc.jsonValue(),
          fc.record({ code: fc.jsonValue(), message: fc.jsonValue(), data: fc.jsonValue() }),
          fc.record({ code: fc.constant(3), message: fc.constant("execution reverted"), data: fc.jsonValue() }),
          fc.constantFrom(...["0x08c379a0", "0x08c379a0ff", "0x4e487b71", "0x123456789"].map(data => reverted(data))),
        ),
        async (asking, method, error) => {
          proxy.intervene = call => (call.method === method ? ({ error } as Intervention) : undefined);
          const came = await outcome(asking(single));
          if ("error" in came) expect(came.error).to.be.instanceOf(CodedError);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const reverted = (data: string) => ({ code: 3, message: "execution reverted", data });
