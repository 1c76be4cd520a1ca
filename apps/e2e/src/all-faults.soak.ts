import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { bytesToUint, codeOf, type Hex } from "@sprtn/primitives";
import { sleep, unixSeconds } from "@sprtn/runtime";
import { SeededRandom } from "@sprtn/testing";
import { E2eErrorCode } from "./e2e-error.js";
import { draw } from "./faults/draw.js";
import { faultWeather } from "./faults/fault-weather.js";
import { FaultyEndpoints } from "./faults/faulty-endpoints.js";
import { readL1History } from "./l1/l1-history.js";
import { Account, keyOf } from "./network/accounts.js";
import { allAgree } from "./network/agreement.js";
import { report, runHooks } from "./network/run-hooks.js";
import { SLOT_SECONDS } from "./network/short-parameters.js";
import type { TestNode } from "./network/test-node.js";
import { waitFor } from "./process/wait-for.js";
import { assertInvariant } from "./watch/assert-invariant.js";
import { JsonLog } from "./watch/json-log.js";

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const SEED = Number(process.env.SOAK_SEED ?? bytesToUint(systemRandom.bytes(4)));
const SLOT_SECONDS_HERE = Number(process.env.E2E_SLOT_SECONDS ?? SLOT_SECONDS);
const SLOT_MS = 1000 * SLOT_SECONDS_HERE;
/** Between two kills, and between two L1 reorgs. */
const KILL_EVERY_SECONDS = 20;
const REORG_EVERY_SECONDS = 90;
/** Between two absences of the prover, each of which is long enough for what is pending to be pruned. */
const ABSENCE_EVERY_SECONDS = 300;
const PROOF_SLOTS = 15;
const ABSENCE_SECONDS = 2.5 * PROOF_SLOTS * SLOT_SECONDS_HERE;
const CHECK_EVERY_SECONDS = 15;
/** Each may be at most so deep; what L1 has finalized stays. */
const DEEPEST_REORG = 3;
/** Until all are in step once everything is well. */
const HEALING_MS = 30 * SLOT_MS;

/** Endpoints of each program: each has one with faults, and all but one validator another one besides. */
const endpointsOf: Readonly<Record<string, 1 | 2>> = {
  prover: 2,
  "validator-1": 2,
  "validator-2": 2,
  "validator-3": 2,
  "validator-4": 1,
  bot: 2,
};

const observeProgram = fileURLToPath(new URL("../../../tools/observer/observe.mjs", import.meta.url));

/** As a supervisor does: a node does not start while its only endpoint serves another chain. */
async function startAgain(node: TestNode): Promise<void> {
  await waitFor(`${node.name} starts`, HEALING_MS, async () => {
    try {
      await node.start();
      return true;
    } catch (error) {
      if (codeOf(error) !== E2eErrorCode.PROCESS_ENDED) throw error;
      report(`${node.name} did not start, and is started again`);
      return false;
    }
  });
}

describe(`${MINUTES} minutes with all faults on (SOAK_SEED=${SEED})`, () => {
  const endpoints = new FaultyEndpoints({ count: Object.keys(endpointsOf).length });
  const quick = {
    LOG_FORMAT: "json",
    L1_REQUEST_TIMEOUT: `${0.75 * SLOT_MS}ms`,
    L1_MAX_HEAD_AGE: `${1.5 * SLOT_MS}ms`,
  };
  const run = runHooks({
    name: "local",
    slotSeconds: SLOT_SECONDS_HERE,
    // Some epochs are not proven in time: what is pending is pruned then.
    proofSeconds: PROOF_SLOTS * SLOT_SECONDS_HERE,
    challengeSeconds: PROOF_SLOTS * SLOT_SECONDS_HERE,
    proving: true,
    agents: 0,
    proverEnvironment: { PROVER_AGENT_ENABLED: "true" },
    environmentOf: async (name, network) => {
      const count = endpointsOf[name];
      return { ...quick, ...(count === undefined ? {} : await endpoints.environmentOf(name, network, count)) };
    },
  });
  after("stop the endpoints", () => endpoints.stop());

  it("the network goes on under load, kills, L1 reorgs and every fault of L1's endpoints", async function () {
    this.timeout(60_000 * MINUTES + 300_000);
    const { network, watcher, hub } = run();
    const random = new SeededRandom(SEED);
    network.startApp("bot", "tx-bot", {
      BOT_NODE_URL: network.nodes.map(node => node.url).join(","),
      SEQ_PUBLISHER_PRIVATE_KEY: keyOf(Account.BOT),
      BOT_SEED: `0x${"66".repeat(32)}` as Hex,
      BOT_TX_PER_SECOND: "0.5",
      BOT_SHIELD_SHARE: "0.1",
      BOT_UNSHIELD_SHARE: "0.1",
      BOT_WITHDRAW_SHARE: "0.1",
      ...quick,
      ...(await endpoints.environmentOf("bot", network, 2)),
    });
    const over = new AbortController();
    const weather = Object.keys(endpointsOf).map(name =>
      faultWeather(endpoints.of(name), { random: random.fork(name), signal: over.signal }),
    );
    const [endMs, counts] = [systemClock.nowMs() + 60_000 * MINUTES, { kills: 0, reorgs: 0, absences: 0 }];
    let proverIsBackMs = 0;
    try {
      for (let second = 1; systemClock.nowMs() < endMs; second++) {
        await sleep(systemClock, 1000);
        if (!hub.running && systemClock.nowMs() > proverIsBackMs) await startAgain(hub);
        if (second % ABSENCE_EVERY_SECONDS === 0) {
          await hub.kill();
          proverIsBackMs = systemClock.nowMs() + 1000 * ABSENCE_SECONDS;
          counts.absences++;
        }
        if (second % KILL_EVERY_SECONDS === 0) {
          const victims = network.runningNodes;
          const victim = victims[draw(random, victims.length)];
          await victim?.kill();
          await sleep(systemClock, 1000 * draw(random, 5));
          if (victim !== undefined) await startAgain(victim);
          counts.kills++;
        }
        if (second % REORG_EVERY_SECONDS === 0) {
          watcher.expectReorg();
          await network.devnet.reorg(1 + draw(random, DEEPEST_REORG), unixSeconds(systemClock));
          counts.reorgs++;
        }
        if (second % CHECK_EVERY_SECONDS === 0 && hub.running) await run().check();
      }
    } finally {
      over.abort();
    }
    if (!hub.running) await startAgain(hub);
    const spells = await Promise.all(weather);
    const total = (mode: string) => spells.reduce((sum, one) => sum + (one[mode] ?? 0), 0);
    const modes = [...new Set(spells.flatMap(Object.keys))].map(mode => `${mode} ${total(mode)}`);
    report(`${counts.kills} kills, ${counts.reorgs} L1 reorgs, ${counts.absences} absences of the prover`);
    report(`spells: ${modes.join(", ")}`);

    const before = await readL1History(network);
    const history = await allAgree(network, [hub, ...run().validators], HEALING_MS);
    report(
      `L1 has ${history.accepted.length} blocks accepted, ${history.prunes.length} prunes, proven up to ` +
        `${history.proven} of ${history.pending}`,
    );
    const slots = (60 * MINUTES) / SLOT_SECONDS_HERE;
    expect(before.accepted.length, "blocks in the time that there was").to.be.above(slots / 4);
    expect(history.provenRanges.length, "proofs").to.be.above(0);
  });

  it("nobody has judged a block that the others hold", async () => {
    const { network } = run();
    for (const { name } of network.nodes) {
      const records = await new JsonLog(network.logFile(name)).records();
      const verdicts = records.filter(({ code }) => code?.startsWith("BLOCK_") === true);
      assertInvariant("no verdict", verdicts.length === 0, `${name} judged: ${JSON.stringify(verdicts.slice(0, 3))}`);
    }
  });

  it("an observer that shares no code with the nodes finds nothing wrong with what L1 holds", async function () {
    this.timeout(300_000);
    const { network } = run();
    const args = ["--deployment", join(network.directory, "deployment.json"), "--l1", network.devnet.url];
    // It exits with 1, which rejects, for any problem that it prints.
    const { stdout } = await promisify(execFile)(process.execPath, [observeProgram, ...args]);
    for (const line of stdout.trim().split("\n")) report(line);
    expect(stdout).to.match(/ [1-9]\d* blocks, [1-9]\d* signatures.*; 0 problems/);
  });
});
