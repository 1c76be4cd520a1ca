import type { Bytes32, EthAddress } from "@sprtn/primitives";
import { concat } from "ethers";
import { type Argument, contractInterface, creationCode, interfaceOfStep, type Step } from "./manifest.js";
import { signedCommand } from "./teocalli-command.js";

/** A transaction's target and data, once the addresses of what it refers to are known. */
export interface StepCall {
  /** `null`: a contract's creation. */
  readonly to: EthAddress | null;
  readonly data: string;
}

export type AddressOf = (step: string) => EthAddress;

/** One transaction of a deployment. */
export interface PlannedStep {
  readonly id: string;
  readonly creates: boolean;
  call(addressOf: AddressOf): StepCall;
}

/** Tokens that are minted after the contracts are there. */
export interface Funding {
  readonly faucet: boolean;
  readonly chainId: bigint;
  readonly commandKeys: readonly Bytes32[];
  readonly rewardsAllocation: bigint;
  readonly mint: readonly { readonly recipient: EthAddress; readonly amount: bigint }[];
}

/** The manifest's steps, then the funding's, in the order of their nonces. */
export function planSteps(
  values: Readonly<Record<string, unknown>>,
  funding: Funding,
  manifest: readonly Step[],
): PlannedStep[] {
  const contracts = manifest.map((step): PlannedStep => ({
    id: step.id,
    creates: step.kind === "deploy",
    call(addressOf) {
      const args = step.args.map(argument => valueOf(argument, values, addressOf));
      if (step.kind === "deploy")
        return {
          to: null,
          data: concat([creationCode(step.contract), contractInterface(step.contract).encodeDeploy(args)]),
        };
      return { to: addressOf(step.target), data: interfaceOfStep(step.target).encodeFunctionData(step.function, args) };
    },
  }));
  return [...contracts, ...fundingSteps(funding)];
}

export function valueOf(argument: Argument, values: Readonly<Record<string, unknown>>, addressOf: AddressOf): unknown {
  if ("param" in argument) return values[argument.param];
  if ("ref" in argument) return addressOf(argument.ref);
  return Object.fromEntries(
    Object.entries(argument.struct).map(([name, inner]) => [name, valueOf(inner, values, addressOf)]),
  );
}

/** Mints and the allocation. Teocalli's commands count from 0: nobody else has governed it yet. */
function fundingSteps({ faucet, chainId, commandKeys, rewardsAllocation, mint }: Funding): PlannedStep[] {
  let commands = 0;
  const command = (id: string, target: string, data: (addressOf: AddressOf) => string): PlannedStep => {
    const nonce = commands++;
    return {
      id,
      creates: false,
      call(addressOf) {
        const teocalli = addressOf("Teocalli");
        const signed = signedCommand(
          { address: teocalli, chainId },
          { target: addressOf(target), data: data(addressOf), nonce },
          commandKeys,
        );
        return { to: teocalli, data: interfaceOfStep("Teocalli").encodeFunctionData("execute", [signed]) };
      },
    };
  };
  const token = interfaceOfStep("L2AZT");
  const mintStep = (id: string, recipient: (addressOf: AddressOf) => EthAddress, amount: bigint): PlannedStep => {
    const data = (addressOf: AddressOf) => token.encodeFunctionData("mint", [recipient(addressOf), amount]);
    if (!faucet) return command(id, "L2AZT", data);
    return { id, creates: false, call: addressOf => ({ to: addressOf("L2AZT"), data: data(addressOf) }) };
  };
  const steps = mint.map(({ recipient, amount }, index) => mintStep(`mint.${index}`, () => recipient, amount));
  if (rewardsAllocation === 0n) return steps;
  const allocation = (addressOf: AddressOf) =>
    interfaceOfStep("Rewards").encodeFunctionData("allocateRewards", [addressOf("Rollup"), rewardsAllocation]);
  return [
    ...steps,
    mintStep("Rewards.fund", addressOf => addressOf("Rewards"), rewardsAllocation),
    command("Rewards.allocate", "Rewards", allocation),
  ];
}
