import { expect } from "chai";
import { SimulatedNode } from "./test/simulated-node.js";

/** Whatever reads time or randomness of the process throws while `work` runs. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  const { random } = Math;
  const { setTimeout: timeout, setInterval: interval } = globalThis;
  const used = (name: string) => () => {
    throw new Error(`${name} was used: time and randomness come in through ports`);
  };
  Date.now = used("Date.now");
  Math.random = used("Math.random");
  Object.assign(globalThis, { setTimeout: used("setTimeout"), setInterval: used("setInterval") });
  try {
    return await work();
  } finally {
    Date.now = now;
    Math.random = random;
    Object.assign(globalThis, { setTimeout: timeout, setInterval: interval });
  }
}

/** What a run of some slots leaves behind. */
async function run(): Promise<{ readonly log: readonly string[]; readonly tip: string; readonly proofs: number }> {
  const simulated = new SimulatedNode();
  return guarded(async () => {
    await simulated.start();
    await simulated.run(100);
    const { chain } = simulated.node.parts;
    const { pending } = chain.archiver.tips();
    await simulated.stop();
    const log = simulated.logger.lines().map(({ level, module, message }) => `${level} ${module}: ${message}`);
    return { log, tip: `${pending.number} ${pending.hash}`, proofs: simulated.publisher.proofs().length };
  });
}

describe("a node on ports alone", () => {
  it("proposes, follows and proves in virtual time, touching neither clock, timers nor randomness", async () => {
    const { log, tip, proofs } = await run();
    expect(Number(tip.split(" ")[0]), log.join("\n")).to.be.at.least(4);
    expect(proofs, log.join("\n")).to.be.at.least(1);
    expect(log.filter(line => line.startsWith("error"))).to.deep.equal([]);
  });

  it("does the same each time", async () => {
    expect(await run()).to.deep.equal(await run());
  });
});
