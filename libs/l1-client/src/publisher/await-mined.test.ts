import { EthAddress } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import type { JsonRpcProvider } from "ethers";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { awaitMined } from "./await-mined.js";
import { EarlierSendings } from "./earlier-sendings.js";
import { newSending } from "./sending.js";

const address = EthAddress(`0x${"11".repeat(20)}`);
const HASH = `0x${"aa".repeat(32)}`;
const POLL_MS = 30_000;

/** An L1 whose newest block holds the transaction, and which never shows its receipt. */
const provider = {
  send: async (method: string, params: readonly unknown[]) => {
    const isOld = params[1] === "0x6";
    if (method === "eth_getTransactionCount") return isOld ? "0x0" : "0x1";
    if (method !== "eth_getBlockByNumber") return null;
    return {
      number: "0x7",
      hash: `0x${"07".repeat(32)}`,
      parentHash: `0x${"06".repeat(32)}`,
      timestamp: "0x64",
      logsBloom: `0x${"00".repeat(256)}`,
      transactions: [HASH],
    };
  },
} as unknown as JsonRpcProvider;

describe("awaitMined", () => {
  it("says after ten minutes that nobody knows what became of a transaction; nothing is sent again", async () => {
    const ended = await endAfterTenMinutes({ run: <T>(work: (at: JsonRpcProvider) => Promise<T>) => work(provider) });
    expect(ended).to.have.property("code", "L1_UNCERTAIN");
    expect(ended).to.have.property("message").that.includes(HASH);
  });

  it("names the transaction when L1 was away for so long", async () => {
    const ended = await endAfterTenMinutes({
      run: () => Promise.reject(new L1Error(L1ErrorCode.UNREACHABLE, "away", { endpoints: ["http://l1"] })),
    });
    expect(ended).to.have.property("code", "L1_UNREACHABLE");
    expect(ended).to.have.property("payload").that.includes({ transactionHash: HASH });
    expect(ended).to.have.property("message").that.includes(HASH);
  });

  async function endAfterTenMinutes(at: object): Promise<unknown> {
    const clock = new ManualClock();
    const endpoints = at as L1Endpoints;
    const sending = newSending({ to: address, data: "0x", gasLimit: 21_000n });
    sending.attempts.push({ hash: HASH, raw: "0x02", fees: { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n } });
    const fees = {
      maxFeePerGas: 10n,
      maxPriorityFeePerGas: 10n,
      bumpPercent: 20,
      bumpAfterBlocks: 1,
      gasMarginPercent: 0,
    };
    const settings = { ...fees, pollingIntervalMs: POLL_MS, confirmations: 1, chainId: 1n, address };
    const signer = { address, sign: () => expect.fail("nothing is signed") };
    const dependencies = { endpoints, signer, clock, logger: new MemoryLogger(), earlier: new EarlierSendings() };
    let ended: unknown;
    const waiting = awaitMined({ dependencies, settings }, [sending], undefined).catch((error: unknown) => {
      ended = error;
    });
    await clock.advance(599_000);
    expect(ended).to.equal(undefined);
    await clock.advance(3 * POLL_MS);
    await waiting;
    return ended;
  }
});
