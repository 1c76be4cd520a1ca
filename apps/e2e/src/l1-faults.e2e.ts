import { expect } from "chai";
import type { Hex } from "@sprtn/primitives";
import { faultModes } from "@sprtn/l1-client/faulty-l1";
import { type FaultCase, faultCases } from "./faults/fault-case.js";
import { assertNothingFound, FaultCourse } from "./faults/fault-course.js";
import { FaultyEndpoints } from "./faults/faulty-endpoints.js";
import { FaultyProgram } from "./faults/faulty-program.js";
import { readL1History } from "./l1/l1-history.js";
import { Account, addressOf, keyOf } from "./network/accounts.js";
import { allAgree } from "./network/agreement.js";
import { report, runHooks } from "./network/run-hooks.js";
import { SLOT_SECONDS } from "./network/short-parameters.js";
import { currentSlot, filled, slotRecords } from "./network/slots.js";
import type { TestNode } from "./network/test-node.js";
import { waitFor } from "./process/wait-for.js";

/** Longer ones help a machine that has other work. */
const slotSeconds = Number(process.env.E2E_SLOT_SECONDS ?? SLOT_SECONDS);
const SLOT_MS = 1000 * slotSeconds;
/** Until a fault was reported, and until a recovered node is in sync. */
const PATIENCE_MS = 10 * SLOT_MS;
/** All cases of one program. */
const COURSE_MS = faultCases.length * 8 * SLOT_MS;
/** A validator without L1; the other three are a quorum. */
const ALONE = "validator-4";
/** A validator and a prover node with an endpoint without faults besides. */
const COVERED = "validator-3";
const SECOND = "second-prover";
/** Endpoints of each program that has one with faults. */
const roles = { bootstrap: 1, prover: 1, [ALONE]: 1, [COVERED]: 2, follower: 1, [SECOND]: 2, bot: 1 } as const;
type Role = keyof typeof roles;

/** Every program judges its endpoint soon, and writes what a program can read. */
const quick = {
  LOG_FORMAT: "json",
  L1_REQUEST_TIMEOUT: `${0.75 * SLOT_MS}ms`,
  L1_MAX_HEAD_AGE: `${1.5 * SLOT_MS}ms`,
  // L1's blocks are a second apart: an endpoint that lags by three of them is not to be told of by the clock.
  L1_MAX_CLOCK_SKEW: String(2 * slotSeconds),
};
/** Never in funds enough: it deposits one time after another. */
const hungry = {
  BOT_SEED: `0x${"55".repeat(32)}` as Hex,
  BOT_ACCOUNTS: "3",
  BOT_PUBLIC_FLOOR: String(10n ** 24n),
  BOT_TOP_UP: String(10n ** 16n),
  BOT_CHECK_INTERVAL: "500ms",
  BOT_TX_PER_SECOND: "0.1",
};

describe("every role on an L1 endpoint with faults", () => {
  const endpoints = new FaultyEndpoints({ count: Object.keys(roles).length });
  const run = runHooks({
    name: "local",
    independent: true,
    slotSeconds,
    proofSeconds: 900,
    challengeSeconds: 900,
    proving: true,
    agents: 0,
    proverEnvironment: { PROVER_AGENT_ENABLED: "true" },
    bootstrap: true,
    environmentOf: async (name, network) => ({
      ...quick,
      ...(name in roles ? await endpoints.environmentOf(name, network, roles[name as Role]) : {}),
    }),
  });
  let programs: readonly FaultyProgram[] = [];

  before("start what else there is", async () => {
    const { network, hub, validators } = run();
    const BOOTNODE_URL = hub.url;
    const join = async (name: Role, flags: readonly string[], env: Readonly<Record<string, string>>) =>
      network.startJoiningNode(name, flags, {
        ...quick,
        ...env,
        BOOTNODE_URL,
        ...(await endpoints.environmentOf(name, network, roles[name])),
      });
    const follower = await join("follower", ["--node"], {});
    const second = await join(SECOND, ["--node", "--prover-node"], {
      PROVER_PUBLISHER_PRIVATE_KEY: keyOf(Account.WALLET),
    });
    network.startApp("bot", "tx-bot", {
      BOT_NODE_URL: run().validator(0).url,
      SEQ_PUBLISHER_PRIVATE_KEY: keyOf(Account.BOT),
      ...quick,
      ...hungry,
      ...(await endpoints.environmentOf("bot", network)),
    });
    const program = (name: Role, node?: TestNode) =>
      new FaultyProgram(
        name,
        { l1: endpoints.of(name), logFile: network.logFile(name), ...(node === undefined ? {} : { node }) },
        { endpoints: roles[name] },
      );
    programs = [
      program("prover", hub),
      program(ALONE, validators[3]),
      program("follower", follower),
      program("bot"),
      program(COVERED, validators[2]),
      program(SECOND, second),
    ];
    await waitFor("the first blocks", 20 * SLOT_MS, async () => (await pending()) >= 2);
    await allReady();
    await waitFor("the bot deposits", 20 * SLOT_MS, async () => (await deposits()) > 0);
  });
  after("stop the endpoints", () => endpoints.stop());

  const each = <T>(work: (program: FaultyProgram) => Promise<T>) => Promise.all(programs.map(work));
  /** By a node whose L1 is well. */
  const pending = async () => (await run().validator(0).api.getChainTips()).pending.number as number;
  /** L1 transactions of the bot's key. */
  const deposits = () => run().network.devnet.provider.getTransactionCount(addressOf(Account.BOT));
  const allReady = () =>
    waitFor("every node is ready", 2 * PATIENCE_MS, async () =>
      (await each(program => program.look())).every(({ ready }) => ready),
    );

  it("there is a case for each mode", () => {
    const modes = faultCases.map(({ fault }) => fault.mode);
    expect(modes.toSorted()).to.deep.equal(faultModes.map(({ mode }) => mode).toSorted());
  });

  describe("each fault is told of once, judged by nobody, and the program is in step when it is over", () => {
    const courses = new Map<string, Promise<readonly string[]>>();
    let firstSlot = 0;

    before("everyone begins, each with another fault", () => {
      const [network, healthy] = [run().network, run().validator(0)];
      firstSlot = currentSlot(network);
      for (const [index, program] of programs.entries()) {
        const first = Math.floor((index * faultCases.length) / programs.length);
        const settings = { first, restartEvery: program.name === SECOND ? 3 : 0, patienceMs: PATIENCE_MS };
        courses.set(program.name, new FaultCourse({ program, network, healthy }, settings).run());
      }
    });

    for (const name of ["prover", ALONE, "follower", "bot", COVERED, SECOND] satisfies Role[])
      it(`${name}, ${roles[name] === 1 ? "with no other endpoint" : "with another endpoint"}`, async function () {
        this.timeout(COURSE_MS);
        assertNothingFound(name, (await courses.get(name)) ?? ["it did not begin"]);
      });

    it("the others have gone on meanwhile", async () => {
      const { network } = run();
      const history = await allAgree(network, network.nodes, PATIENCE_MS);
      const records = await slotRecords(history, run().validator(0), {
        first: firstSlot,
        last: currentSlot(network) - 1,
      });
      const [first, second, covered, alone] = [0, 1, 2, 3].map(index =>
        filled(records, network.validatorAddress(index)),
      );
      const shown = [first, second, covered, alone].map(one => `${one?.withBlock} of ${one?.own}`);
      report(`blocks in own slots: ${shown.join(", ")}`);
      for (const one of [first, second, covered]) expect(2 * (one?.withBlock ?? 0)).to.be.above(one?.own ?? 0);
    });
  });

  describe("afterwards", () => {
    it("L1 is away for every node at once, and comes back: told of once, and the chain goes on", async () => {
      const { network } = run();
      const isAway: FaultCase = { fault: { mode: "none" }, codes: ["L1_UNREACHABLE"], everywhere: true };
      await allReady();
      await each(program => program.mark());
      const before = await pending();
      network.devnet.suspend();
      try {
        await waitFor("every node has told of it", PATIENCE_MS, async () => {
          await each(program => program.look());
          return programs.every(program => program.node === undefined || program.wasUnreadyFor(isAway.codes));
        });
      } finally {
        network.devnet.resume();
      }
      await waitFor("the chain goes on", 2 * PATIENCE_MS, async () => (await pending()) > before + 1);
      await allReady();
      await allAgree(network, network.nodes, PATIENCE_MS);
      await each(program => program.assertNoVerdict());
      await each(program => program.assertTold(isAway));
    });

    it("the bot's deposits, and proofs, go on", async () => {
      const [sent, { proven }] = [await deposits(), await readL1History(run().network)];
      await waitFor("a deposit", PATIENCE_MS, async () => (await deposits()) > sent);
      await waitFor("a proof", 4 * PATIENCE_MS, async () => (await readL1History(run().network)).proven > proven);
    });

    it("a bootstrap node does without L1", async () => {
      expect(await endpoints.of("bootstrap").calls()).to.deep.equal({});
    });
  });
});
