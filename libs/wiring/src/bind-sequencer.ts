import { slotAt, timetable } from "@sprtn/consensus";
import { EthersL1Publisher, PrivateKeySigner } from "@sprtn/l1-client";
import {
  type Bytes32,
  concatBytes,
  type Field,
  type FieldHasher,
  fieldFromBytes,
  fromHex,
  keccak256,
} from "@sprtn/primitives";
import { domainSeparator } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import { EpochDuties, Sequencer, SetMembership } from "@sprtn/sequencer";
import { guardEmptyProtection, OwnKeyWatch, ProtectedSigner, SlashingProtection } from "@sprtn/validator";
import { deriveAccountKeys } from "@sprtn/wallet";
import type { DependencyContainer } from "tsyringe";
import type { NodeOptions } from "./node-options.js";
import { parts } from "./node-tokens.js";
import { Prefix, type NodeResources, type ProcessResources } from "./resources.js";
import { bind, type Get, getter } from "./tokens.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** Networks on which faults may be committed. */
const isTestNetwork = (name: string) => name === "local" || name.startsWith("test");

/**
 * Where a validator's tips go unless told: the first account of the wallet whose seed is
 * `keccak256("sprtn.validator-wallet" ‖ key)`, so that its operator can spend them.
 */
function ownL2Address(hasher: FieldHasher, validatorKey: Bytes32): Field {
  const seed = keccak256(concatBytes(new TextEncoder().encode("sprtn.validator-wallet"), fromHex(validatorKey)));
  return deriveAccountKeys(hasher, fromHex(seed), 0).address;
}

/** The publisher of one L1 key. */
export function createPublisher(
  container: DependencyContainer,
  { deployment }: Pick<NodeOptions, "deployment">,
  privateKey: Bytes32,
): EthersL1Publisher {
  const get = getter(container);
  const { contracts, parameters } = deployment;
  return new EthersL1Publisher(
    { sender: get(parts.senders).of(privateKey), endpoints: get(parts.endpoints) },
    { contracts, committeeSize: parameters.committeeSize },
  );
}

/** A validator's parts: its key behind slashing protection, its publisher, its sequencer. */
export function bindSequencer(
  container: DependencyContainer,
  process: ProcessResources,
  resources: NodeResources,
  options: NodeOptions,
): void {
  const { deployment, settings, validatorKey } = options;
  const { parameters, contracts } = deployment;
  const { faults } = settings.validator;
  if (validatorKey === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "a sequencer needs its validator's key: give SEQ_PUBLISHER_PRIVATE_KEY, or MNEMONIC with MNEMONIC_INDEX",
    );
  if (faults.length > 0 && !isTestNetwork(deployment.name)) {
    throw new WiringError(
      WiringErrorCode.FAULT_REFUSED,
      `TEST_FAULTS is for test networks; this is ${deployment.name}: unset it`,
    );
  }
  const domain = domainSeparator({ chainId: deployment.chainId, rollup: contracts.rollup });
  bind(container, parts.publisher, () => createPublisher(container, options, validatorKey));
  const signer = new PrivateKeySigner({}, { privateKey: validatorKey });
  bind(
    container,
    parts.protection,
    () => new SlashingProtection({ store: resources.stores.validator }, { prefix: Uint8Array.of(Prefix.VALIDATOR) }),
  );
  bind(
    container,
    parts.ownKeyWatch,
    get =>
      new OwnKeyWatch(
        {
          address: signer.address,
          protection: get(parts.protection),
          clock: process.clock,
          logger: get(parts.logger).child("own-key"),
          meter: resources.meter,
        },
        { time: parameters },
      ),
  );
  bind(
    container,
    parts.blockSigner,
    get =>
      new ProtectedSigner(
        { signer, protection: get(parts.protection), pool: get(parts.attestations), gossip: get(parts.gossip) },
        { domain, withholdAttestations: faults.includes("withhold-attestations") },
      ),
  );
  bind(container, parts.sequencer, get => {
    const { address } = get(parts.blockSigner);
    const slotMs = 1000 * parameters.slotDuration;
    return new Sequencer(
      {
        blocks: get(parts.archiver),
        forks: get(parts.worldState),
        txs: get(parts.txPool),
        gossip: get(parts.gossip),
        attestations: get(parts.attestations),
        proposals: get(parts.proposals),
        publisher: get(parts.publisher),
        signer: get(parts.blockSigner),
        committees: get(parts.committees),
        rollup: get(parts.rollup),
        l1Time: get(parts.heads),
        clock: process.clock,
        logger: get(parts.logger).child("sequencer"),
        meter: resources.meter,
      },
      {
        deployment,
        coinbase: settings.sequencer.coinbase ?? address,
        feeRecipient:
          settings.sequencer.feeRecipient === undefined
            ? ownL2Address(process.hasher, validatorKey)
            : fieldFromBytes(fromHex(settings.sequencer.feeRecipient)),
        maxTxs: settings.sequencer.maxTxPerBlock,
        pollMs: settings.validator.attestationsPollingIntervalMs,
        invalidProposals: faults.includes("invalid-proposals"),
        minTxPerBlock: settings.sequencer.minTxPerBlock,
        minSecondsBetweenBlocks: settings.sequencer.minSecondsBetweenBlocks,
        maxSecondsBetweenBlocks: settings.sequencer.maxSecondsBetweenBlocks,
        // Shares of the slot: a third for L1 to include the block, the rest for building it and for the committee.
        timetable: timetable({
          slotMs,
          l1InclusionMs: slotMs / 3,
          propagationMs: slotMs / 16,
          executionMs: slotMs / 6,
        }),
        enforceTimeTable: settings.sequencer.enforceTimeTable,
        pollIntervalMs: Math.min(250, slotMs / 16),
      },
    );
  });
  const pollIntervalMs = Math.min(250, (1000 * parameters.slotDuration) / 16);
  bind(
    container,
    parts.epochDuties,
    get =>
      new EpochDuties(
        {
          committees: get(parts.committees),
          rollup: get(parts.rollup),
          publisher: get(parts.publisher),
          l1Time: get(parts.heads),
          clock: process.clock,
          logger: get(parts.logger).child("sequencer"),
          meter: resources.meter,
        },
        { parameters, pollIntervalMs },
      ),
  );
  bind(
    container,
    parts.membership,
    get =>
      new SetMembership(
        {
          sets: get(parts.committeeSource),
          address: signer.address,
          clock: process.clock,
          logger: get(parts.logger).child("validator"),
        },
        { parameters, pollIntervalMs: 1000 * parameters.slotDuration },
      ),
  );
}

/** SIGN-1: before the key can sign anything. */
export async function guardProtection(
  get: Get,
  process: ProcessResources,
  resources: NodeResources,
  options: NodeOptions,
): Promise<void> {
  const { parameters } = options.deployment;
  const now = unixSeconds(process.clock);
  if (!resources.hasRunBefore || now < parameters.genesisTime) return;
  await guardEmptyProtection(
    { protection: get(parts.protection), logger: get(parts.logger).child("validator") },
    { key: get(parts.blockSigner).address, currentSlot: slotAt(parameters, now) },
  );
}
