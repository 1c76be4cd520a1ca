import { EthAddress } from "@sprtn/primitives";
import { expect } from "chai";
import type { JsonRpcProvider } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { nonceUser } from "./nonce-user.js";

const address = EthAddress(`0x${"11".repeat(20)}`);
const HEAD = 1_000;
const NONCE = 5;

/** An L1 on which nonce 5 was used by `hash` in block `usedIn`. */
function l1({ usedIn = HEAD, hash = "0xaa", states = HEAD, shown = 0, fails }: L1 = {}) {
  /** Blocks are named by chain and number. */
  const nameOf = (block: number, chain = shown) => `0x${chain}${block}`;
  const usedOn = (chain: number) => usedIn + chain;
  const asked: string[] = [];
  const send = async (method: string, params: readonly unknown[]) => {
    asked.push(method);
    if (fails !== undefined) throw fails;
    if (method === "eth_getBlockByNumber") {
      const number = Number(params[0]);
      const transactions = number === usedOn(shown) ? ["0x01", hash] : ["0x01"];
      return { hash: nameOf(number), parentHash: nameOf(number - 1), transactions };
    }
    const { blockHash } = params[1] as { readonly blockHash?: string };
    const chain = blockHash === undefined ? 0 : Number(blockHash[2]);
    const block = Number(blockHash === undefined ? params[1] : blockHash.slice(3));
    if (block < HEAD - states) throw new Error("missing trie node");
    return block >= usedOn(chain) ? "0x6" : "0x5";
  };
  return { asked, provider: { send } as unknown as JsonRpcProvider };
}

interface L1 {
  readonly usedIn?: number;
  readonly hash?: string;
  /** Blocks below the head whose state it has. */
  readonly states?: number;
  /** By how many blocks later the nonce is used on the chain of which it shows blocks. */
  readonly shown?: number;
  readonly fails?: Error;
}

const userOn = async (options?: L1) => {
  const found = await nonceUser(l1(options).provider, { address, nonce: NONCE, hashes: ["0xaa", "0xbb"], head: HEAD });
  return found.user === "other" ? `other in ${found.block}` : found.user;
};

describe("who has used a nonce", () => {
  it("is told by the block in which the count went past it", async () => {
    for (const usedIn of [HEAD, HEAD - 1, HEAD - 2, HEAD - 3, HEAD - 63, HEAD - 64, HEAD - 127]) {
      expect(await userOn({ usedIn }), `ours in ${usedIn}`).to.equal("ours");
      expect(await userOn({ usedIn, hash: "0xcc" }), `another's in ${usedIn}`).to.equal(`other in ${usedIn}`);
    }
  });

  it("is not known if the endpoint does not count it as used, or used it long ago", async () => {
    expect(await userOn({ usedIn: HEAD + 1 })).to.equal("unknown");
    expect(await userOn({ usedIn: HEAD - 128 })).to.equal("unknown");
    expect(await userOn({ usedIn: HEAD - 500 })).to.equal("unknown");
  });

  it("is not known without the states or the block that tell it", async () => {
    expect(await userOn({ usedIn: HEAD - 30, states: 20 })).to.equal("unknown");
    const { provider } = l1();
    const send = async (method: string, params: readonly unknown[]) =>
      method === "eth_getBlockByNumber" ? null : provider.send(method, [...params]);
    const blind = { send } as unknown as JsonRpcProvider;
    expect(await nonceUser(blind, { address, nonce: NONCE, hashes: ["0xaa"], head: HEAD })).to.deep.equal({
      user: "unknown",
    });
  });

  it("is not told by a block of another chain than the one on which it was counted", async () => {
    for (const shown of [1, 2]) expect(await userOn({ usedIn: HEAD - 3, shown })).to.equal("unknown");
  });

  it("is asked of another endpoint where one fails", async () => {
    const fails = new L1Error(L1ErrorCode.UNREACHABLE, "away");
    expect(await userOn({ fails }).catch((error: unknown) => error)).to.equal(fails);
  });

  it("costs few questions", async () => {
    const { asked, provider } = l1({ usedIn: HEAD - 127 });
    await nonceUser(provider, { address, nonce: NONCE, hashes: [], head: HEAD });
    expect(asked.length).to.be.at.most(18);
  });
});
