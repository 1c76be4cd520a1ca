import { CodedError, Field } from "@sprtn/primitives";
import type { Proof, ProofBackend } from "@sprtn/ports";
import { ManualClock, sleep } from "@sprtn/runtime";
import { expect } from "chai";
import { SharedVerdicts } from "./shared-verdicts.js";

const proof: Proof = { circuit: "transfer", publicInputs: [Field(1)], bytes: Uint8Array.of(1, 2) };

/** Verifies in `ms`, as `answers` say, the last of them for ever. */
function slowBackend(clock: ManualClock, ms: number, ...answers: readonly (boolean | Error)[]) {
  const calls: Proof[] = [];
  const backend: ProofBackend = {
    mode: "simulated",
    prove: async () => proof,
    verify: async asked => {
      calls.push(asked);
      const answer = answers[Math.min(calls.length, answers.length) - 1] as boolean | Error;
      await sleep(clock, ms);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { backend, calls };
}

describe("verdicts on proofs that validators of a process share", () => {
  for (const verdict of [true, false])
    it(`are made once and charged to everybody (${verdict ? "valid" : "invalid"})`, async () => {
      const clock = new ManualClock();
      const { backend, calls } = slowBackend(clock, 8, verdict);
      const shared = new SharedVerdicts({ backend, clock });
      const told: [who: string, atMs: number, verdict: boolean][] = [];
      const ask = async (who: string) => {
        const answer = await shared.verify({ ...proof });
        told.push([who, clock.nowMs(), answer]);
      };
      void ask("first");
      await clock.advance(3);
      void ask("while it is verified");
      await clock.advance(10);
      void ask("afterwards");
      await clock.advance(20);
      expect(calls).to.have.length(1);
      expect(told).to.deep.equal([
        ["first", 8, verdict],
        ["while it is verified", 11, verdict],
        ["afterwards", 21, verdict],
      ]);
    });

  for (const [what, other] of [
    ["circuit", { ...proof, circuit: "tx-base" as const }],
    ["public inputs", { ...proof, publicInputs: [Field(2)] }],
    ["bytes", { ...proof, bytes: Uint8Array.of(1, 3) }],
  ] as const)
    it(`say nothing about a proof that differs in its ${what}`, async () => {
      const clock = new ManualClock();
      const { backend, calls } = slowBackend(clock, 0, true, false);
      const shared = new SharedVerdicts({ backend, clock });
      const answers = [shared.verify(proof), shared.verify(other)];
      await clock.advance(1);
      expect(await Promise.all(answers)).to.deep.equal([true, false]);
      expect(calls).to.have.length(2);
    });

  it("are not made of a failure to tell", async () => {
    const clock = new ManualClock();
    const { backend, calls } = slowBackend(clock, 0, new CodedError("TEST_TROUBLE", "no memory"), true);
    const shared = new SharedVerdicts({ backend, clock });
    const first = shared.verify(proof).catch((error: CodedError) => error.code);
    await clock.advance(1);
    expect(await first).to.equal("TEST_TROUBLE");
    const second = shared.verify(proof);
    await clock.advance(1);
    expect(await second).to.equal(true);
    expect(calls).to.have.length(2);
  });
});
