import { once } from "node:events";
import { createServer } from "node:net";
import { UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import { toQuantity } from "ethers";
import { anvilBinary } from "./anvil-binary.js";
import type { Devnet } from "./devnet.js";
import { startDevnet } from "./start-devnet.js";

async function failure(promise: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: { code?: string; message: string }) => error,
  );
}

const blockNumber = async (devnet: Devnet) => Number(await devnet.request("eth_blockNumber"));

describe("devnet", () => {
  let devnet: Devnet;

  before(async () => {
    devnet = await startDevnet();
  });

  after(async () => devnet.stop());

  it("answers on a free port with the chain id of the options", async () => {
    expect(devnet.port).to.be.greaterThan(0);
    expect(await devnet.request("eth_chainId")).to.equal("0x7a69");
    expect(devnet.chainId).to.equal(31337n);
  });

  it("mines, and sets the next block's time", async () => {
    const before = await devnet.provider.getBlock("latest");
    await devnet.mine(3);
    expect(await blockNumber(devnet)).to.equal((before?.number ?? 0) + 3);
    const at = UnixSeconds((before?.timestamp ?? 0) + 1000);
    await devnet.setNextBlockTimestamp(at);
    await devnet.mine();
    expect((await devnet.provider.getBlock("latest"))?.timestamp).to.equal(at);
  });

  it("finalizes blocks behind the head", async () => {
    await devnet.mine(70);
    const finalized = await devnet.provider.getBlock("finalized");
    expect(finalized?.number).to.equal((await blockNumber(devnet)) - 64);
  });

  it("reorganises the last blocks", async () => {
    await devnet.mine(5);
    const head = await blockNumber(devnet);
    const hashes = async () =>
      Promise.all([head - 3, head - 2, head].map(async number => (await devnet.provider.getBlock(number))?.hash));
    const old = await hashes();
    await devnet.reorg(3);
    const fresh = await hashes();
    expect(fresh[0]).to.equal(old[0]);
    expect(fresh[1]).to.not.equal(old[1]);
    expect(fresh[2]).to.not.equal(old[2]);
  });

  it("keeps its time through a reorg", async () => {
    const timestamp = async () => (await devnet.provider.getBlock("latest"))?.timestamp ?? 0;
    await devnet.mine(5);
    const before = await timestamp();
    await devnet.reorg(3);
    await devnet.mine();
    expect(await timestamp()).to.be.at.least(before);
  });

  it("goes on from the time that it is told after a reorg, however often", async () => {
    const timestamp = async () => (await devnet.provider.getBlock("latest"))?.timestamp ?? 0;
    await devnet.mine();
    for (let ahead = 100; ahead <= 300; ahead += 100) {
      const now = UnixSeconds((await timestamp()) + ahead);
      await devnet.reorg(1, now);
      await devnet.mine();
      expect(await timestamp()).to.be.within(now, now + 10);
    }
  });

  it("has all blocks after a reorg while it mines one that takes long", async () => {
    const busy = await startDevnet({ blockTimeSeconds: 1 });
    try {
      await busy.mine(10);
      const [from] = (await busy.request("eth_accounts")) as string[];
      // Runs until its gas is spent; some dozens of them take anvil half a second.
      const endless = { from, data: "0x5b600056", gas: toQuantity(15_000_000) };
      for (const endMs = Date.now() + 6_000; Date.now() < endMs;) {
        await busy.request("evm_setBlockGasLimit", [toQuantity(1_000_000_000)]);
        for (let sent = 0; sent < 60; sent++) await busy.request("eth_sendTransaction", [endless]);
        await busy.reorg(1);
      }
      for (let number = await blockNumber(busy); number > 0; number--)
        expect(await busy.request("eth_getBlockByNumber", [toQuantity(number), false]), `block ${number}`).to.be.an(
          "object",
        );
    } finally {
      await busy.stop();
    }
  });

  it("goes back to a snapshot, once", async () => {
    const head = await blockNumber(devnet);
    const snapshot = await devnet.snapshot();
    await devnet.mine(2);
    await devnet.revert(snapshot);
    expect(await blockNumber(devnet)).to.equal(head);
    expect((await failure(devnet.revert(snapshot))).code).to.equal("L1_DEVNET_FAILED");
  });

  it("refuses what anvil refuses with its words", async () => {
    const error = await failure(devnet.request("no_such_method"));
    expect(error.code).to.equal("L1_REQUEST_FAILED");
  });
});

describe("starting and stopping a devnet", () => {
  it("says which port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    try {
      const error = await failure(startDevnet({ port }));
      expect(error.code).to.equal("L1_DEVNET_PORT_TAKEN");
      expect(error.message).to.contain(String(port));
    } finally {
      server.close();
    }
  });

  it("says that the binary is missing, or that there is none for the platform", async () => {
    expect((await failure(startDevnet({ binary: "/no/such/anvil" }))).code).to.equal("L1_DEVNET_NO_BINARY");
    expect(() => anvilBinary({ platform: "aix", arch: "ppc64" }))
      .to.throw()
      .with.property("code", "L1_DEVNET_NO_BINARY");
    expect(anvilBinary()).to.match(/anvil(\.exe)?$/);
  });

  it("passes on what anvil says about bad options", async () => {
    const error = await failure(startDevnet({ mnemonic: "not a mnemonic" }));
    expect(error.code).to.equal("L1_DEVNET_FAILED");
    expect(error.message).to.match(/the word `not` is invalid/);
  });

  it("says that it has died, and then has nothing to stop", async () => {
    const devnet = await startDevnet();
    devnet.kill();
    expect(await devnet.died).to.deep.equal({ code: null, signal: "SIGKILL" });
    await devnet.stop();
  });

  it("stops twice as well as once", async () => {
    const devnet = await startDevnet();
    await Promise.all([devnet.stop(), devnet.stop()]);
    await devnet.stop();
    expect((await devnet.exited).code).to.equal(0);
  });
});
