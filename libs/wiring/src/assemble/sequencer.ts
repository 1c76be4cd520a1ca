import { timetable, type Timetable } from "@sprtn/consensus";
import type { BlockSigner, L1Publisher } from "@sprtn/ports";
import type { Field } from "@sprtn/primitives";
import { fieldFromBytes, fromHex } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { EpochDuties, Sequencer, SetMembership } from "@sprtn/sequencer";
import type { SequencerOptions } from "@sprtn/sequencer/settings";
import type { TxPool } from "@sprtn/tx-pool";
import type { ValidatorOptions } from "@sprtn/validator/settings";
import type { ChainParts } from "./chain.js";
import type { Network } from "./network.js";
import type { NodePorts } from "./node-ports.js";
import type { ValidatorParts } from "./validator.js";

/** A validator's own slots, and its duties of each epoch. */
export interface SequencerParts {
  readonly publisher: L1Publisher;
  readonly sequencer: Sequencer;
  readonly epochDuties: EpochDuties;
  readonly membership: SetMembership;
}

/** What a sequencer is put together from, besides ports. */
export interface SequencerDependencyParts {
  readonly chain: Pick<ChainParts, "worldState" | "archiver" | "committees">;
  readonly network: Pick<Network, "gossip">;
  readonly pool: TxPool;
  readonly validator: Pick<ValidatorParts, "proposals" | "attestations">;
  readonly signer: BlockSigner;
}

/** What it builds, and for whom. */
export interface SequencerAssemblyOptions {
  readonly deployment: Deployment;
  readonly sequencer: SequencerOptions;
  readonly validator: ValidatorOptions;
  /** L2 address that gets the tips, unless the settings name one. */
  readonly ownFeeRecipient: () => Field;
}

/** How often it is looked whether something is due, ms: often enough for short slots. */
const LONGEST_POLL_MS = 250;

/** Shares of the slot: a third for L1 to include the block, the rest for building it and for the committee. */
export function slotTimetable(slotDuration: number): Timetable {
  const slotMs = 1000 * slotDuration;
  return timetable({ slotMs, l1InclusionMs: slotMs / 3, propagationMs: slotMs / 16, executionMs: slotMs / 6 });
}

/** A sequencer and its duties besides blocks. */
export function assembleSequencer(
  ports: Pick<
    NodePorts,
    "signer" | "publisherOf" | "rollup" | "committeeSource" | "heads" | "journal" | "clock" | "logger" | "meter"
  >,
  { chain, network, pool, validator, signer }: SequencerDependencyParts,
  options: SequencerAssemblyOptions,
): SequencerParts {
  const { rollup, heads: l1Time, journal, clock, logger, meter } = ports;
  const { archiver: blocks, worldState: forks, committees } = chain;
  const { deployment, sequencer: settings } = options;
  const { parameters } = deployment;
  const { attestationsPollingIntervalMs, faults } = options.validator;
  const slotMs = 1000 * parameters.slotDuration;
  const pollIntervalMs = Math.min(LONGEST_POLL_MS, slotMs / 16);
  const publisher = ports.publisherOf(ports.signer);
  const sequencer = new Sequencer(
    {
      blocks,
      forks,
      txs: pool,
      gossip: network.gossip,
      attestations: validator.attestations,
      proposals: validator.proposals,
      publisher,
      signer,
      committees,
      rollup,
      l1Time,
      journal,
      clock,
      logger: logger.child("sequencer"),
      meter,
    },
    {
      deployment,
      coinbase: settings.coinbase ?? signer.address,
      feeRecipient:
        settings.feeRecipient === undefined
          ? options.ownFeeRecipient()
          : fieldFromBytes(fromHex(settings.feeRecipient)),
      maxTxs: settings.maxTxPerBlock,
      pollMs: attestationsPollingIntervalMs,
      invalidProposals: faults.includes("invalid-proposals"),
      minTxPerBlock: settings.minTxPerBlock,
      minSecondsBetweenBlocks: settings.minSecondsBetweenBlocks,
      maxSecondsBetweenBlocks: settings.maxSecondsBetweenBlocks,
      timetable: slotTimetable(parameters.slotDuration),
      enforceTimeTable: settings.enforceTimeTable,
      pollIntervalMs,
    },
  );
  const epochDuties = new EpochDuties(
    { committees, rollup, publisher, l1Time, clock, logger: logger.child("sequencer"), meter },
    { parameters, pollIntervalMs },
  );
  const membership = new SetMembership(
    { sets: ports.committeeSource, address: signer.address, clock, logger: logger.child("validator") },
    { parameters, pollIntervalMs: slotMs },
  );
  return { publisher, sequencer, epochDuties, membership };
}
