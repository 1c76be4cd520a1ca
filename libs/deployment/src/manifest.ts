import * as abis from "@sprtn/contracts";
import { bytecode } from "@sprtn/contracts/bytecode";
import manifestJson from "@sprtn/contracts/manifest" with { type: "json" };
import type { CrsKind } from "@sprtn/protocol";
import { Interface } from "ethers";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";

/** An argument of a step: a parameter, the address of an earlier step's contract, or a tuple by field names. */
export type Argument =
  | { readonly param: string }
  | { readonly ref: string }
  | { readonly struct: Readonly<Record<string, Argument>> };

interface DeployStep {
  readonly id: string;
  /** Proofs of the deployments that take it: "simulated" or a kind of CRS; all, unless told. */
  readonly only?: string;
  readonly kind: "deploy";
  readonly contract: string;
  readonly args: readonly Argument[];
}

interface CallStep {
  readonly id: string;
  readonly only?: string;
  readonly kind: "call";
  /** The step that deployed what is called. */
  readonly target: string;
  readonly function: string;
  readonly args: readonly Argument[];
  /** How L1 shows that it is done. */
  readonly done: { readonly getter: string; readonly equals: Argument };
}

export type Step = DeployStep | CallStep;

/** Every step that some deployment takes: the file that Hardhat Ignition follows too. */
export const manifest = manifestJson.steps as readonly Step[];

/**
 * The steps that deploy SPRTN, in order, with the verifier of these proofs (null or nothing: simulated ones).
 * @throws DeploymentError BAD_MANIFEST for a reference string without a verifier in this version
 */
export function manifestFor(crs: CrsKind | null | undefined): readonly Step[] {
  const proofs = crs ?? "simulated";
  const steps = manifest.filter(({ only }) => only === undefined || only === proofs);
  if (!steps.some(({ id }) => id === "Verifier")) {
    throw new DeploymentError(
      DeploymentErrorCode.BAD_MANIFEST,
      `this version has no verifier for proofs under the ${proofs} CRS: derive its keys first (docs/proving.md), ` +
        "or deploy with the dev CRS or with simulated proofs",
      { step: "Verifier" },
    );
  }
  return steps;
}

const interfaces: ReadonlyMap<string, Interface> = new Map(
  Object.entries({
    Teocalli: abis.teocalliAbi,
    L2AZT: abis.l2AZTAbi,
    Rewards: abis.rewardsAbi,
    ValidatorRegistry: abis.validatorRegistryAbi,
    AvailabilityOracle: abis.availabilityOracleAbi,
    Inbox: abis.inboxAbi,
    Outbox: abis.outboxAbi,
    FeePortal: abis.feePortalAbi,
    SimulatedProofVerifier: abis.simulatedProofVerifierAbi,
    DevRootOneVerifier: abis.devRootOneVerifierAbi,
    DevRootTwoVerifier: abis.devRootTwoVerifierAbi,
    RootVerifier: abis.rootVerifierAbi,
    Rollup: abis.rollupAbi,
    Registry: abis.registryAbi,
  }).map(([contract, abi]) => [contract, new Interface(abi)] as const),
);

/** @throws BAD_MANIFEST for a contract that this package does not know */
export function contractInterface(contract: string): Interface {
  return interfaces.get(contract) ?? unknown(contract);
}

export function creationCode(contract: string): string {
  return (bytecode as Readonly<Record<string, string>>)[contract] ?? unknown(contract);
}

/** The interface of what a deploying step deployed. */
export function interfaceOfStep(id: string): Interface {
  const step = manifest.find(candidate => candidate.id === id);
  return step?.kind === "deploy" ? contractInterface(step.contract) : unknown(id);
}

function unknown(what: string): never {
  throw new DeploymentError(
    DeploymentErrorCode.BAD_MANIFEST,
    `the deployment manifest names ${what}, which this version does not know: build the contracts and this package ` +
      "from the same commit",
    { step: what },
  );
}
