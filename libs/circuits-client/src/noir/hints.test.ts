import { CircuitError } from "@sprtn/state-transition/circuits";
import { expect } from "chai";
import { compileWithHint, lies } from "../test/breaks/hints.js";
import { solveWitness } from "./solve-witness.js";

const hex = (value: bigint): string => `0x${value.toString(16)}`;

describe("hints", () => {
  it("that say what is right are taken", async () => {
    const { publicInputs } = await solveWitness(await compileWithHint(7n), { field: hex(7n) });
    expect(publicInputs).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n, 7n]);
  });

  for (const { what, field, said, constraint } of lies) {
    it(`that say ${what}: ${constraint}`, async () => {
      const circuit = await compileWithHint(said);
      const refusal = await solveWitness(circuit, { field: hex(field) }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).to.be.instanceOf(CircuitError);
      expect((refusal as CircuitError).payload.constraint).to.equal(constraint);
    });
  }
});
