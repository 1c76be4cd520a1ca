import { readFileSync } from "node:fs";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

type Argument = { param: string } | { ref: string } | { struct: Record<string, Argument> };
type Step = { id: string; only?: string; args: Argument[] } & (
  | { kind: "deploy"; contract: string }
  | { kind: "call"; target: string; function: string }
);
type Builder = Parameters<Parameters<typeof buildModule>[1]>[0];
type Options = NonNullable<Parameters<Builder["call"]>[3]>;
type Value = ReturnType<Builder["getParameter"]>;
type Contract = ReturnType<typeof deployStep>;

const manifest: { steps: Step[] } = JSON.parse(
  readFileSync(new URL("../../deployment-manifest.json", import.meta.url), "utf8"),
);

/**
 * The steps of deployment-manifest.json as an Ignition module: `npx hardhat ignition deploy ignition/modules/Sprtn.ts
 * --parameters FILE`.
 * PROOFS=dev gives the verifier of real proofs under the dev CRS (and wants their key tree root among the parameters);
 * without it proofs are simulated.
 */
export default buildModule("Sprtn", module => {
  const contracts: Record<string, Contract> = {};
  const value = (argument: Argument): unknown => {
    if ("param" in argument) return module.getParameter(argument.param);
    if ("ref" in argument) return contracts[argument.ref];
    return Object.fromEntries(Object.entries(argument.struct).map(([name, inner]) => [name, value(inner)]));
  };
  // Steps run one after the other, so that an interrupted deployment resumes where the manifest's order says.
  let previous: NonNullable<Options["after"]> = [];
  for (const step of manifest.steps.filter(
    ({ only }) => only === undefined || only === (process.env.PROOFS ?? "simulated"),
  )) {
    const args = step.args.map(value) as Value[];
    // Ignition's ids know letters, digits and underscores only.
    const options = { id: step.id.replace(".", "_"), after: previous };
    if (step.kind === "deploy")
      previous = [(contracts[step.id] = deployStep(module, step.contract, { args, options }))];
    else previous = [module.call(contracts[step.target]!, step.function, args, options)];
  }
  return contracts;
});

function deployStep(module: Builder, contract: string, { args, options }: { args: Value[]; options: Options }) {
  return module.contract(contract, args, options);
}
