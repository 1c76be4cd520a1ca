import { BlockNumber, messageOf } from "@sprtn/primitives";
import { currentSlot } from "../network/slots.js";
import type { TestNetwork } from "../network/test-network.js";
import type { TestNode } from "../network/test-node.js";
import { waitFor } from "../process/wait-for.js";
import { assertInvariant } from "../watch/assert-invariant.js";
import { type FaultCase, faultCases } from "./fault-case.js";
import type { FaultyProgram } from "./faulty-program.js";

/** A fault lasts at least this many slots, and until the program has reported it. */
const HELD_SLOTS = 1;
/** L1 blocks that an endpoint stands still for; its head is not stale yet. */
const BEHIND_BLOCKS = 4;

/** The program that goes through all faults, and what it is compared with. */
export interface FaultCourseDependencies {
  readonly program: FaultyProgram;
  readonly network: TestNetwork;
  /** A node whose L1 is well. */
  readonly healthy: TestNode;
}

/** Where a course begins, and how long it waits. */
export interface FaultCourseSettings {
  /** Which of the cases is the first. */
  readonly first: number;
  /**
   * Before each of so many cases the program forgets how its endpoint has done so far: it is killed, and started again.
   * 0 for never.
   */
  readonly restartEvery: number;
  /** Until a fault was reported, and until the program is in sync afterwards. */
  readonly patienceMs: number;
}

/** One program's way through every fault, at its own pace. */
export class FaultCourse {
  readonly #dependencies: FaultCourseDependencies;

  constructor(
    dependencies: FaultCourseDependencies,
    private readonly settings: FaultCourseSettings,
  ) {
    this.#dependencies = dependencies;
  }

  get name(): string {
    return this.#dependencies.program.name;
  }

  /** What went wrong, by case; never throws. */
  async run(): Promise<readonly string[]> {
    const { first } = this.settings;
    const found: string[] = [];
    const { restartEvery } = this.settings;
    for (const [index, faultCase] of [...faultCases.slice(first), ...faultCases.slice(0, first)].entries()) {
      try {
        if (restartEvery > 0 && index % restartEvery === 0) await this.#restart();
        await this.#endure(faultCase);
      } catch (error) {
        found.push(`${faultCase.fault.mode}: ${messageOf(error)}`);
        await this.#recover();
      }
    }
    return found;
  }

  /** Waits until the program is ready, and holds what the healthy node held when it was asked. */
  async inStep(): Promise<void> {
    const { program, healthy } = this.#dependencies;
    const { node } = program;
    if (node === undefined) return;
    await waitFor(`${this.name} is in step`, this.settings.patienceMs, async () => {
      if (!(await program.look()).ready) return false;
      const { pending } = await healthy.api.getChainTips();
      const own = await node.api.getBlock(BlockNumber(pending.number));
      return own?.archive === (await healthy.api.getBlock(BlockNumber(pending.number)))?.archive;
    });
  }

  async #endure(faultCase: FaultCase): Promise<void> {
    const { program, network } = this.#dependencies;
    const { fault, codes, behind } = faultCase;
    const { patienceMs } = this.settings;
    await program.mark();
    if (behind === true) {
      await program.l1.setMode({ mode: "stalled-head" });
      await this.#l1Passes(BEHIND_BLOCKS);
    }
    const [slot, before] = [currentSlot(network), await this.#pending()];
    await program.l1.setMode(fault);
    await waitFor(`${this.name} tells of ${fault.mode}, and the chain goes on`, patienceMs, async () => {
      await program.look();
      const told = codes.length === 0 || !program.single || !program.node || program.wasUnreadyFor(codes);
      return told && currentSlot(network) > slot + HELD_SLOTS && (await this.#pending()) > before;
    });
    await program.assertNoVerdict();
    await program.l1.heal();
    await this.inStep();
    await program.assertNoVerdict();
    await program.assertTold(faultCase);
  }

  /** What comes next does not begin with what is left of this. */
  async #recover(): Promise<void> {
    const { program } = this.#dependencies;
    try {
      await program.l1.heal();
      if (program.node?.running === false) await program.node.start();
      await this.inStep();
    } catch {
      // The next case tells.
    }
  }

  async #restart(): Promise<void> {
    const { node } = this.#dependencies.program;
    await node?.kill();
    await node?.start();
    await this.inStep();
  }

  async #pending(): Promise<number> {
    return (await this.#dependencies.healthy.api.getChainTips()).pending.number;
  }

  async #l1Passes(blocks: number): Promise<void> {
    const { provider } = this.#dependencies.network.devnet;
    const until = (await provider.getBlockNumber()) + blocks;
    await waitFor("L1 blocks", this.settings.patienceMs, async () => (await provider.getBlockNumber()) >= until);
  }
}

/** Fails with all that a course found. */
export function assertNothingFound(name: string, found: readonly string[]): void {
  assertInvariant("one warning, no verdict", found.length === 0, `${name}:\n${found.join("\n")}`);
}
