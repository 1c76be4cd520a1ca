import * as contracts from "@sprtn/contracts";
import { bytecode } from "@sprtn/contracts/bytecode";
import manifest from "@sprtn/contracts/manifest" with { type: "json" };
import { addressToField, EthAddress, fieldToHex, toHex } from "@sprtn/primitives";
import { encodeHeader, type RollupParameters } from "@sprtn/protocol";
import { buildDeployment } from "@sprtn/testing";
import { Contract, ContractFactory, type InterfaceAbi, type Signer, type TransactionResponse } from "ethers";
import { minedReceipt } from "../devnet/mined-receipt.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { systemClock } from "./system-clock.js";

type Argument = { param: string } | { ref: string } | { struct: Record<string, Argument> };
interface Step {
  readonly only?: string;
  readonly id: string;
  readonly contract?: string;
  readonly target?: string;
  readonly function?: string;
  readonly args: readonly Argument[];
}

const abis: Readonly<Record<string, InterfaceAbi>> = {
  Teocalli: contracts.teocalliAbi,
  L2AZT: contracts.l2AZTAbi,
  Rewards: contracts.rewardsAbi,
  ValidatorRegistry: contracts.validatorRegistryAbi,
  AvailabilityOracle: contracts.availabilityOracleAbi,
  Inbox: contracts.inboxAbi,
  Outbox: contracts.outboxAbi,
  FeePortal: contracts.feePortalAbi,
  SimulatedProofVerifier: contracts.simulatedProofVerifierAbi,
  Rollup: contracts.rollupAbi,
  Registry: contracts.registryAbi,
};

/** Every contract, without a journal and without doubts: for tests of what comes after. */
export async function deployContracts(
  signer: Signer,
  parameters: RollupParameters,
  validators: readonly EthAddress[] = [],
): Promise<RollupContracts> {
  const { genesis, keyTreeRoot, rollupVersion } = buildDeployment({ parameters });
  const header = { ...genesis.header, timestamp: parameters.genesisTime, baseFees: parameters.initialBaseFees };
  const values: Readonly<Record<string, unknown>> = {
    ...parameters,
    teocalliSigners: [await signer.getAddress()],
    teocalliThreshold: 1,
    faucet: true,
    initialValidators: validators.map(address => fieldToHex(addressToField(address))),
    l2GasTarget: parameters.gasTarget.l2,
    daGasTarget: parameters.gasTarget.da,
    initialBaseFeeL2: parameters.initialBaseFees.perL2Gas,
    initialBaseFeeDa: parameters.initialBaseFees.perDaGas,
    provingRight: { coordinator: 0, quotes: 1, open: 2 }[parameters.provingRight],
    rollupVersion,
    genesisArchive: fieldToHex(genesis.archive),
    keyTreeRoot: fieldToHex(keyTreeRoot),
    genesisHeader: toHex(encodeHeader(header)),
  };
  const deployed = new Map<string, Contract>();
  const valueOf = (argument: Argument): unknown => {
    if ("param" in argument) return values[argument.param];
    if ("ref" in argument) return deployed.get(argument.ref)?.target;
    return Object.fromEntries(Object.entries(argument.struct).map(([name, part]) => [name, valueOf(part)]));
  };
  const steps = manifest.steps as unknown as Step[];
  // With the verifier of simulated proofs.
  for (const step of steps.filter(({ only = "simulated" }) => only === "simulated")) {
    const args = step.args.map(valueOf);
    if (step.contract !== undefined) {
      const abi = abis[step.contract] as InterfaceAbi;
      const contract = await new ContractFactory(abi, bytecode[step.contract as keyof typeof bytecode], signer).deploy(
        ...args,
      );
      await minedReceipt(contract.deploymentTransaction() as TransactionResponse, systemClock);
      deployed.set(step.id, new Contract(contract.target, abi, signer));
    } else {
      const call = deployed.get(step.target as string)?.getFunction(step.function as string);
      await minedReceipt((await call?.(...args)) as TransactionResponse, systemClock);
    }
  }
  const address = (id: string) => EthAddress(String(deployed.get(id)?.target));
  return {
    rollup: address("Rollup"),
    availabilityOracle: address("AvailabilityOracle"),
    inbox: address("Inbox"),
    validatorRegistry: address("ValidatorRegistry"),
    feePortal: address("FeePortal"),
    token: address("L2AZT"),
  };
}
