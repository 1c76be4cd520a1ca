import { type Bytes32, type EthAddress, type UnixSeconds, Wei } from "@sprtn/primitives";
import { concat } from "ethers";
import { type Argument, contractInterface, creationCode, interfaceOfStep, type Step } from "./manifest.js";
import { signedCommand } from "./teocalli-command.js";

/** A transaction's target and data, once the addresses of what it refers to are known. */
export interface StepCall {
  /** `null`: a contract's creation. */
  readonly to: EthAddress | null;
  readonly data: string;
}

/** What the token's faucet gives in one call: FAUCET_CAP of L2AZT. */
export const FAUCET_CAP = 1_000_000n * 10n ** 18n;
/** What Rewards gets unless told. */
export const DEFAULT_ALLOCATION = Wei(10n ** 24n);

export type AddressOf = (step: string) => EthAddress;

/** One transaction of a deployment. */
export interface PlannedStep {
  readonly id: string;
  readonly creates: boolean;
  /** Gas that a call takes where that is more than an initialization takes. */
  readonly gasLimit?: bigint;
  call(addressOf: AddressOf): StepCall;
}

/** Tokens that are minted after the contracts are deployed. */
export interface Funding {
  readonly faucet: boolean;
  readonly chainId: bigint;
  readonly commandKeys: readonly Bytes32[];
  /** Until when a command that is signed now can be executed. */
  readonly deadline: () => UnixSeconds;
  readonly rewardsAllocation: bigint;
  readonly mint: readonly { readonly recipient: EthAddress; readonly amount: bigint }[];
}

/** Initial validators in one transaction: each takes 86k gas, and a transaction has 2^24 (EIP-7825). */
const VALIDATORS_PER_STEP = 128;
/** For each of them, with room. */
const GAS_PER_VALIDATOR = 100_000n;
/** For a command, and for each of its signatures, with room. */
const GAS_OF_COMMAND = 500_000n;
const GAS_PER_SIGNATURE = 15_000n;
/** The step before which the other initial validators are added: afterwards L1 takes none. */
const REGISTRY_CLOSES = "ValidatorRegistry.initialize";

/** The manifest's steps, then the funding's, in the order of their nonces. */
export function planSteps(
  values: Readonly<Record<string, unknown>>,
  funding: Funding,
  manifest: readonly Step[],
): PlannedStep[] {
  const validators = values.initialValidators as readonly string[];
  const first = { ...values, initialValidators: validators.slice(0, VALIDATORS_PER_STEP) };
  const contracts = manifest.flatMap(step => [
    ...(step.id === REGISTRY_CLOSES ? validatorSteps(validators.slice(VALIDATORS_PER_STEP)) : []),
    manifestStep(step, first),
  ]);
  return [...contracts, ...fundingSteps(funding)];
}

/** The validators that do not fit into the gas of the registry's constructor. */
function validatorSteps(validators: readonly string[]): PlannedStep[] {
  return Array.from({ length: Math.ceil(validators.length / VALIDATORS_PER_STEP) }, (_, index) => {
    const batch = validators.slice(index * VALIDATORS_PER_STEP, (index + 1) * VALIDATORS_PER_STEP);
    const data = interfaceOfStep("ValidatorRegistry").encodeFunctionData("addInitialValidators", [batch]);
    return {
      id: `ValidatorRegistry.addInitialValidators.${index}`,
      creates: false,
      gasLimit: 100_000n + GAS_PER_VALIDATOR * BigInt(batch.length),
      call: addressOf => ({ to: addressOf("ValidatorRegistry"), data }),
    };
  });
}

function manifestStep(step: Step, values: Readonly<Record<string, unknown>>): PlannedStep {
  return {
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
  };
}

export function valueOf(argument: Argument, values: Readonly<Record<string, unknown>>, addressOf: AddressOf): unknown {
  if ("param" in argument) return values[argument.param];
  if ("ref" in argument) return addressOf(argument.ref);
  return Object.fromEntries(
    Object.entries(argument.struct).map(([name, inner]) => [name, valueOf(inner, values, addressOf)]),
  );
}

/** The faucet gives so much a call, the owner more. */
export function needsCommand(faucet: boolean, amount: bigint): boolean {
  return !faucet || amount > FAUCET_CAP;
}

/** Mints and the allocation. Teocalli's commands count from 0: nobody else has governed it yet. */
function fundingSteps(funding: Funding): PlannedStep[] {
  const { faucet, chainId, commandKeys, deadline, rewardsAllocation, mint } = funding;
  let commands = 0;
  const gasLimit = GAS_OF_COMMAND + GAS_PER_SIGNATURE * BigInt(commandKeys.length);
  const command = (id: string, target: string, data: (addressOf: AddressOf) => string): PlannedStep => {
    const nonce = commands++;
    return {
      id,
      creates: false,
      gasLimit,
      call(addressOf) {
        const teocalli = addressOf("Teocalli");
        const signed = signedCommand(
          { address: teocalli, chainId },
          { calls: [{ target: addressOf(target), data: data(addressOf) }], nonce, deadline: deadline() },
          commandKeys,
        );
        return { to: teocalli, data: interfaceOfStep("Teocalli").encodeFunctionData("execute", [signed]) };
      },
    };
  };
  const token = interfaceOfStep("L2AZT");
  const mintStep = (id: string, recipient: (addressOf: AddressOf) => EthAddress, amount: bigint): PlannedStep => {
    const data = (addressOf: AddressOf) => token.encodeFunctionData("mint", [recipient(addressOf), amount]);
    if (needsCommand(faucet, amount)) return command(id, "L2AZT", data);
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
