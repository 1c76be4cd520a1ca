import { expect } from "chai";
import { CodedError } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import { FailingKvStore, type KvFault } from "../failing-kv-store.js";
import { FakeKvStore } from "../fake-kv-store.js";

/** Something that keeps its records in a store, and what is done with it. */
export interface StoreScenario {
  /** Makes the user of the store; again after a crash, on what is there then. */
  open(store: KvStore): Promise<void>;
  /** In order. One that throws is tried again: what it has acknowledged must not be done twice for that. */
  readonly steps: readonly (() => Promise<unknown>)[];
  /** All that the user shows. */
  view(): unknown;
  /** Before a crash too: what runs on the side must not outlive the test. */
  close?(): Promise<void>;
}

/** How often a step is tried: one call fails, and reading again what is on disk may be a try of its own. */
const TRIES = 4;
/** Reads that fail, evenly spread: there may be thousands. */
const READ_SAMPLES = 10;

type Healing = "goes on" | "is killed";

/**
 * Every write of a store's user fails once, lost or on disk all the same, and some reads do; it continues, or is killed
 * at that moment and opened again. In the end it shows, and has on disk, what it does when nothing fails.
 */
export function storeFaultCompliance(name: string, scenario: () => StoreScenario): void {
  describe(`${name} survives every fault of its store`, () => {
    let calm: Awaited<ReturnType<typeof run>>;
    before(async () => {
      calm = await run(scenario(), undefined, "goes on");
      expect(calm.calls.write, "a scenario that writes").to.be.greaterThan(0);
    });

    const each = (what: string, faults: () => KvFault[], healing: Healing) =>
      it(`${what}, and it ${healing}`, async () => {
        for (const fault of faults()) {
          const text = JSON.stringify(fault);
          const faulty = await run(scenario(), fault, healing).catch((error: unknown) => {
            throw new CodedError("SCENARIO_FAILED", text, {}, { cause: error });
          });
          expect(faulty.failed, `${text} happened`).to.equal(true);
          expect(faulty.view, text).to.deep.equal(calm.view);
          expect(faulty.reopened, `${text}, opened again`).to.deep.equal(calm.reopened);
        }
      });

    for (const healing of ["goes on", "is killed"] as const) {
      for (const fate of ["lost", "unsure"] as const)
        each(`a write is ${fate}`, () => positions(calm.calls.write).map(at => ({ call: "write", at, fate })), healing);
      each("a read fails", () => sampled(calm.calls.get).map(at => ({ call: "get", at })), healing);
      each("an iteration fails", () => sampled(calm.calls.entries).map(at => ({ call: "entries", at })), healing);
    }
  });
}

async function run(scenario: StoreScenario, fault: KvFault | undefined, healing: Healing) {
  const disk = new FakeKvStore();
  const store = new FailingKvStore(disk, fault);
  const open = () => attempt(() => scenario.open(store));
  await open();
  for (const step of scenario.steps) {
    const before = store.failed;
    await attempt(step, async () => {
      if (healing === "goes on" || before) return;
      await scenario.close?.();
      await open();
    });
  }
  const calls = { ...store.calls };
  const view = await attempt(async () => scenario.view());
  await scenario.close?.();
  const { failed } = store;
  await scenario.open(disk);
  const reopened = await scenario.view();
  await scenario.close?.();
  return { calls, view, reopened, failed };
}

/** Tries again what fails with a coded error; any other is a defect. */
async function attempt<T>(what: () => Promise<T>, afterFailure: () => Promise<void> = async () => {}): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await what();
    } catch (error) {
      if (!(error instanceof CodedError) || left === 1) throw error;
      await afterFailure();
    }
  }
}

function positions(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function sampled(count: number): number[] {
  const all = positions(count);
  const every = Math.max(1, Math.ceil(count / READ_SAMPLES));
  return all.filter((_, index) => index % every === 0);
}
