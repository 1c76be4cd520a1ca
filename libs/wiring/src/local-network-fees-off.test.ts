import { createFieldHasher } from "@sprtn/field-hasher";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { FEES_OFF, type L2Block, type TxEffect } from "@sprtn/protocol";
import { createNodeClient } from "@sprtn/rpc";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { LocalNetwork } from "./index.js";
import { testSettings } from "./test/test-settings.js";

const isWithdrawal = ({ l2ToL1Message }: TxEffect) => l2ToL1Message !== 0n;
const isPrivate = ({ noteHashes, writes }: TxEffect) =>
  noteHashes.some(hash => hash !== 0n) && writes.every(({ slot }) => slot === 0n);
const isPublic = ({ noteHashes, writes }: TxEffect) =>
  noteHashes.every(hash => hash === 0n) && writes.filter(({ slot }) => slot !== 0n).length > 1;

/** A wallet, every check of a node, L1's and the proofs', with fees that are off. */
describe("a local network without fees", () => {
  it("TX-2: proves private and public payments and withdrawals at 1 wei per gas, which no block raises", async () => {
    const logger = new MemoryLogger();
    const hasher = await createFieldHasher({ logger }, { kind: "simd" });
    const settings = testSettings({
      LOCAL_SIMULATED_PROOFS: "true",
      LOCAL_FEES: "off",
      LOCAL_VALIDATORS: "1",
      LOCAL_L1_PORT: "0",
      LOCAL_SLOT_SECONDS: "3",
      LOCAL_EPOCH_SLOTS: "2",
      ARCHIVER_POLLING_INTERVAL_MS: "100",
      L1_POLLING_INTERVAL: "100",
      PROVER_NODE_POLLING_INTERVAL_MS: "200",
      PROVER_AGENT_POLL_INTERVAL_MS: "50",
      BOT_TX_PER_SECOND: "2",
      BOT_ACCOUNTS: "2",
      BOT_NOTES_PER_ACCOUNT: "2",
      BOT_PRIVATE_SHARE: "0.4",
      BOT_UNSHIELD_SHARE: "0.1",
      BOT_WITHDRAW_SHARE: "0.3",
    });
    const { local, bot, wallet } = settings;
    const network = new LocalNetwork(
      { clock: systemClock, random: systemRandom, hasher, logger },
      { version: "0", settings, local, bot, wallet },
    );
    try {
      await network.start(new AbortController().signal);
      const { archiver } = network.nodes[0]!.parts.chain;
      const proven: L2Block[] = [];
      const all = Promise.withResolvers<void>();
      archiver.subscribe(async event => {
        if (event.type !== "proven") return;
        for (let number = proven.length + 1; number <= event.tip.number; number++)
          proven.push((await archiver.block(number as L2Block["header"]["number"]))!);
        const effects = proven.flatMap(block => block.effects).filter(({ reverted }) => !reverted);
        if ([isWithdrawal, isPrivate, isPublic].every(kind => effects.some(kind))) all.resolve();
      });
      await all.promise;
      for (const { header, effects } of proven) {
        expect(header.baseFees).to.deep.equal(FEES_OFF.initialBaseFees);
        // Nothing above the base fee, neither a margin of notes nor a tip.
        expect(effects.reduce((sum, { fee }) => sum + fee, 0n)).to.equal(header.totalBaseFees);
        expect(header.totalBaseFees).to.equal(header.totalL2Gas + header.totalDaGas);
      }
      const node = createNodeClient(network.rpcUrl(), { hasher });
      expect(await node.getBaseFees()).to.deep.equal(FEES_OFF.initialBaseFees);
      expect((await node.getNodeInfo()).parameters).to.deep.include(FEES_OFF);
      const page = (await (await fetch(new URL("/ui/snapshot", network.rpcUrl()))).json()) as {
        readonly rules: { readonly fees: string };
      };
      expect(page.rules.fees).to.equal("off");
      expect(logger.lines("error")).to.deep.equal([]);
    } finally {
      await network.stop();
      hasher.close();
    }
  });
});
