import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, sleep } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { anvilBinary } from "./anvil-binary.js";
import type { Devnet } from "./devnet.js";
import { minedReceipt } from "./mined-receipt.js";
import { startDevnet } from "./start-devnet.js";
import { Kept, keepState, nextState, stateToLoad } from "./state-file.js";
import { StateKeeper } from "./state-keeper.js";
import { systemClock } from "../testing/system-clock.js";

async function failure(promise: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: { code?: string; message: string }) => error,
  );
}

const blockNumber = async (devnet: Devnet) => Number(await devnet.request("eth_blockNumber"));

describe("a devnet's state file", () => {
  it("says that its state file is damaged, and does not begin anew", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1-state.json");
    try {
      const taken = `${stateFile}.taken`;
      for (const [path, text] of [
        [stateFile, '{"block":{"num'],
        [stateFile, ""],
        [stateFile, '{"block":{}'],
        [stateFile, '{"block":{}}'],
        [taken, ""],
        [taken, '{"block":{}'],
      ] as const) {
        // What anvil wrote last.
        if (path === taken) await rm(stateFile, { force: true });
        await writeFile(path, text);
        const error = await failure(startDevnet({ stateFile }));
        expect(error.code, text).to.equal("L1_DEVNET_BAD_STATE");
        expect(error.message).to.contain(path);
        expect(await readFile(path, "utf8")).to.equal(text);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("says that the disk is full when it stops, and keeps the state before", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1-state.json");
    const binary = join(directory, "anvil-without-room");
    try {
      // Files of this process end at 512 or 1024 bytes, as on a full disk.
      const script = `#!/bin/sh\ntrap "" XFSZ\nulimit -f 1\nexec "${anvilBinary()}" "$@"\n`;
      await writeFile(binary, script, { mode: 0o755 });
      const first = await startDevnet({ stateFile });
      await first.mine(3);
      await first.stop();
      const second = await startDevnet({ stateFile, binary });
      await second.mine(2);
      await utimes(stateFile, 0, 0);
      const error = await failure(second.stop());
      expect(error.code).to.equal("L1_DEVNET_BAD_STATE");
      expect(error.message).to.contain("disk was full").and.to.contain(`continue from ${stateFile}`);
      // Until somebody has chosen, it does not go back by itself.
      expect((await failure(startDevnet({ stateFile }))).code).to.equal("L1_DEVNET_BAD_STATE");
      await rm(`${stateFile}.taken`);
      const third = await startDevnet({ stateFile });
      try {
        expect(await blockNumber(third)).to.equal(3);
      } finally {
        await third.stop();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("goes on from what it wrote last when nobody could put that in its place", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1-state.json");
    try {
      const first = await startDevnet({ stateFile });
      await first.mine(3);
      await first.stop();
      await rename(stateFile, `${stateFile}.next`);
      await writeFile(stateFile, "the state before");
      const second = await startDevnet({ stateFile });
      try {
        expect(await blockNumber(second)).to.equal(3);
      } finally {
        await second.stop();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("goes on from its state file, with the old blocks and their receipts", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1-state.json");
    try {
      const first = await startDevnet({ stateFile });
      const signer = await first.provider.getSigner(0);
      const sent = await signer.sendTransaction({ to: signer.address, value: 1n });
      const receipt = await minedReceipt(sent, systemClock);
      await first.mine(2);
      const block = await first.provider.getBlock(receipt.blockNumber);
      await first.stop();
      expect((await first.exited).code).to.equal(0);
      const second = await startDevnet({ stateFile });
      try {
        expect(await blockNumber(second)).to.equal(3);
        expect((await second.provider.getTransactionReceipt(receipt?.hash ?? ""))?.blockHash).to.equal(block?.hash);
        expect(await second.provider.getTransactionCount(signer.address)).to.equal(1);
      } finally {
        await second.stop();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("is the last whole state when everything ends hard in the middle of the next", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1.json");
    /** As anvil writes: anew each time, under the same name. */
    const begin = async (text: string) => {
      const file = await open(nextState(stateFile), "w");
      await file.write(text);
      return file;
    };
    const text = async () => readFile(stateFile, "utf8");
    try {
      const first = await begin('{"state":{"n":1');
      expect(await keepState(stateFile)).to.equal(Kept.PART);
      expect(await failure(stateToLoad(stateFile, 90_000))).to.include({ code: "L1_DEVNET_BAD_STATE" });
      await first.write("}}");
      await first.close();
      expect(await keepState(stateFile)).to.equal(Kept.WHOLE);
      expect(await keepState(stateFile)).to.equal(Kept.NONE);
      expect(await text()).to.equal('{"state":{"n":1}}');
      const second = await begin('{"state":{"n":2');
      expect(await keepState(stateFile)).to.equal(Kept.PART);
      await second.write("}}");
      await second.close();
      // Nobody looked between the end of this one and the beginning of that one.
      await (await begin('{"state":{"n":3')).close();
      expect(await keepState(stateFile)).to.equal(Kept.PART);
      expect(await text()).to.equal('{"state":{"n":2}}');
      expect(await stateToLoad(stateFile, 90_000)).to.equal(stateFile);
      expect(await text()).to.equal('{"state":{"n":2}}');
      expect(await readdir(directory)).to.deep.equal(["l1.json"]);
      // The disk was full for longer: that much is not given up without asking.
      await (await begin('{"state":{"n":4')).close();
      const { mtimeMs } = await stat(nextState(stateFile));
      await utimes(stateFile, new Date(), new Date(mtimeMs - 91_000));
      expect(await failure(stateToLoad(stateFile, 90_000))).to.include({ code: "L1_DEVNET_BAD_STATE" });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("is kept as anvil goes on, and what hinders that is said once", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1.json");
    const clock = new ManualClock();
    const logger = new MemoryLogger();
    const keeper = new StateKeeper({ clock, logger }, { stateFile, intervalMs: 30_000 });
    const looked = async (done: () => Promise<boolean>) => {
      while (!(await done())) await clock.advance(3_000);
    };
    try {
      await keeper.start();
      await writeFile(nextState(stateFile), '{"n":1}');
      await looked(async () => (await readFile(stateFile, "utf8").catch(() => "")) === '{"n":1}');
      await rm(stateFile);
      // What nobody can replace by a file.
      await mkdir(join(stateFile, "folder"), { recursive: true });
      await writeFile(nextState(stateFile), '{"n":2}');
      const warned = () => logger.messages("warn").length;
      await looked(async () => warned() > 0);
      for (let i = 0; i < 3; i++) await keeper.look();
      expect(warned()).to.equal(1);
      await rm(stateFile, { recursive: true });
      await looked(async () => (await readFile(stateFile, "utf8").catch(() => "")) === '{"n":2}');
      await keeper.beforeEnd();
      expect((await failure(keeper.afterEnd())).code).to.equal("L1_DEVNET_BAD_STATE");
      expect(clock.pendingTimers).to.equal(0);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("is there as soon as it is asked for, though anvil has written nothing yet", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1.json");
    try {
      const first = await startDevnet({ stateFile, stateIntervalSeconds: 3_600 });
      // What is left of a state of before.
      await writeFile(nextState(stateFile), '{"block":');
      await first.mine(3);
      await first.keepNow();
      first.kill();
      await first.died;
      expect(await readdir(directory)).to.deep.equal(["l1.json"]);
      const second = await startDevnet({ stateFile });
      try {
        expect(await blockNumber(second)).to.equal(3);
      } finally {
        await second.stop();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("says so when the file system keeps it from what is in its place", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1.json");
    try {
      for (const path of [stateFile, nextState(stateFile), `${stateFile}.taken`]) {
        await mkdir(path);
        const error = await failure(startDevnet({ stateFile }));
        expect(error.code, path).to.equal("L1_DEVNET_BAD_STATE");
        expect(error.message).to.contain(directory).and.contain("move away");
        await rm(directory, { recursive: true });
        await mkdir(directory);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("has what anvil wrote while it ran when it is killed", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devnet-"));
    const stateFile = join(directory, "l1.json");
    const keeping = { clock: systemClock, logger: new MemoryLogger() };
    try {
      const first = await startDevnet({ stateFile, stateIntervalSeconds: 1 }, keeping);
      await first.mine(3);
      const holdsThem = async () => (await readFile(stateFile, "utf8").catch(() => "")).includes('"number":"0x3"');
      while (!(await holdsThem())) await sleep(systemClock, 10);
      first.kill();
      await first.died;
      await first.stop();
      const second = await startDevnet({ stateFile });
      try {
        expect(await blockNumber(second)).to.equal(3);
      } finally {
        await second.stop();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
