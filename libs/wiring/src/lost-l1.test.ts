import { copyFile, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFieldHasher } from "@sprtn/field-hasher";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import type { ChainEvent } from "@sprtn/ports";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { LocalNetwork } from "./index.js";
import { testSettings } from "./test/test-settings.js";

describe("a local network whose L1 has lost its last blocks", function () {
  it("goes on from what L1 has, though its nodes held more as final", async () => {
    const logger = new MemoryLogger();
    const hasher = await createFieldHasher({ logger }, { kind: "simd" });
    const dataDirectory = await mkdtemp(join(tmpdir(), "lost-l1-"));
    const settings = testSettings({
      PROVER_REAL_PROOFS: "false",
      LOCAL_L1_PORT: "0",
      LOCAL_SLOT_SECONDS: "3",
      LOCAL_EPOCH_SLOTS: "3",
      LOCAL_VALIDATORS: "1",
      ARCHIVER_POLLING_INTERVAL_MS: "100",
      L1_POLLING_INTERVAL: "100",
      PROVER_NODE_POLLING_INTERVAL_MS: "200",
      PROVER_AGENT_POLL_INTERVAL_MS: "50",
      BOT_TX_PER_SECOND: "1",
      BOT_ACCOUNTS: "2",
      BOT_NOTES_PER_ACCOUNT: "2",
      DATA_DIRECTORY: dataDirectory,
    });
    /** Runs until the validator's chain `goesOn`; @returns its tips then. */
    const runUntil = async (goesOn: (event: ChainEvent) => boolean) => {
      const network = new LocalNetwork(
        { clock: systemClock, random: systemRandom, hasher, logger },
        { version: "0", settings, local: settings.local, bot: settings.bot, wallet: settings.wallet },
      );
      await network.start(new AbortController().signal);
      try {
        const { archiver } = network.nodes[1]!.parts.chain;
        const reached = Promise.withResolvers<void>();
        archiver.subscribe(event => {
          if (goesOn(event)) reached.resolve();
        });
        await reached.promise;
        const slot = (await archiver.block(archiver.tips().pending.number))?.header.slot ?? 0;
        return { ...archiver.tips(), slot };
      } finally {
        await network.stop();
      }
    };
    const finalAfter = (number: number) => (event: ChainEvent) =>
      event.type === "finalized" && event.tip.number > number;
    const state = join(dataDirectory, "l1.json");
    try {
      const first = await runUntil(finalAfter(0));
      await copyFile(state, join(dataDirectory, "earlier"));
      const second = await runUntil(finalAfter(first.finalized.number));
      const told = () => logger.lines("warn").filter(({ fields }) => fields["missing"] !== undefined);
      expect(told()).to.deep.equal([]);
      // As after a stop with a disk that has long been full: a part of the new state, and an old one.
      await copyFile(join(dataDirectory, "earlier"), state);
      await utimes(state, 0, 0);
      await writeFile(`${state}.next`, '{"block":');
      const refused = await runUntil(() => true).catch((error: { code?: string }) => error);
      expect(refused).to.include({ code: "L1_DEVNET_BAD_STATE" });
      // The remedy of its text, which touches nothing of the nodes.
      await rm(`${state}.taken`);
      const third = await runUntil(
        event => event.type === "blocks-added" && event.blocks.some(({ header }) => header.slot > second.slot + 1),
      );
      expect(third.pending.number).to.be.at.least(first.finalized.number);
      expect(told()).to.have.length(1);
      expect(logger.lines("error")).to.deep.equal([]);
    } finally {
      hasher.close();
      await rm(dataDirectory, { recursive: true });
    }
  });
});
