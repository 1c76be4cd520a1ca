import { readFileSync } from "node:fs";
import { codeOf } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { expect } from "chai";
import { assertParameters, refuse, rollupVersionProblems } from "./assert-parameters.js";
import { DeploymentErrorCode } from "./deployment-error.js";
import { presets, type PresetName } from "./presets.js";
import { withDerived } from "./derived-parameters.js";
import { parameters as local } from "./testing/deploy-fixture.js";

type Values = Readonly<Record<string, string>>;
/** The contracts' own tests read the same file (contracts/test/unit/deployment.test.ts). */
const bounds = JSON.parse(
  readFileSync(new URL("../../../contracts/test/fixtures/parameter-bounds.json", import.meta.url), "utf8"),
) as {
  readonly base: Values;
  readonly refused: readonly { readonly name: string; readonly change: Values }[];
  readonly taken: readonly Values[];
};

/** Checks what the manifest would be given, as a deployment does. */
function check(values: Values): void {
  const { l2GasTarget, daGasTarget, initialBaseFeeL2, initialBaseFeeDa, rollupVersion, ...rest } = values;
  const same = Object.entries(rest).map(([name, text]) => {
    const isAmount = typeof local[name as keyof RollupParameters] === "bigint";
    return [name, isAmount ? BigInt(text) : Number(text)];
  });
  const gasTarget = { l2: BigInt(l2GasTarget ?? 0), da: BigInt(daGasTarget ?? 0) };
  const initialBaseFees = { perL2Gas: BigInt(initialBaseFeeL2 ?? 0), perDaGas: BigInt(initialBaseFeeDa ?? 0) };
  assertParameters({ ...local, ...Object.fromEntries(same), gasTarget, initialBaseFees } as RollupParameters);
  refuse(rollupVersionProblems(BigInt(rollupVersion ?? 0)));
}

function problemsOf(run: () => void): readonly string[] {
  try {
    run();
  } catch (error) {
    expect(codeOf(error)).to.equal(DeploymentErrorCode.BAD_PARAMETERS);
    return (error as { payload: { problems: readonly string[] } }).payload.problems;
  }
  return expect.fail("it should have been refused");
}

describe("assertParameters", () => {
  for (const { name, change } of bounds.refused) {
    it(`refuses what the constructors refuse, by its name: ${JSON.stringify(change)}`, () => {
      expect(problemsOf(() => check({ ...bounds.base, ...change })).join()).to.contain(name);
    });
  }

  for (const change of bounds.taken) {
    it(`takes what the constructors take: ${JSON.stringify(change)}`, () => check({ ...bounds.base, ...change }));
  }

  it("refuses what does not even fit the contracts' types, and what is not a whole number, all at once", () => {
    const problems = problemsOf(() =>
      assertParameters({
        ...local,
        slotDuration: 1.5,
        capacity: 2 ** 32,
        pendingReward: 2n ** 96n,
        initialBaseFees: { perL2Gas: 2n ** 64n, perDaGas: -1n },
        epochDuration: Number.NaN,
      } as RollupParameters),
    );
    for (const name of ["slotDuration", "capacity", "pendingReward", "perL2Gas", "perDaGas", "epochDuration"])
      expect(problems.join()).to.contain(name);
  });

  for (const name of Object.keys(presets) as PresetName[]) {
    it(`takes ${name} with late proposals, up to an epoch's, when the windows leave room for them`, () => {
      const { parameters } = presets[name];
      for (const proposalLateness of [1, 4, parameters.epochDuration]) {
        const proofWindow = Math.max(parameters.proofWindow, (proposalLateness + 1) * parameters.slotDuration);
        const late = withDerived({ ...parameters, proposalLateness, proofWindow, genesisTime: 1 } as RollupParameters);
        assertParameters(late);
      }
      const tooLate = { ...parameters, proposalLateness: parameters.epochDuration + 1, genesisTime: 1 };
      expect(problemsOf(() => assertParameters(tooLate as RollupParameters)).join()).to.contain("proposalLateness");
    });
  }
});
