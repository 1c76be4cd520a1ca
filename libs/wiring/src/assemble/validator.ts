import { parentReach, slotAt } from "@sprtn/consensus";
import type { Signer } from "@sprtn/ports";
import { type EthAddress, Slot } from "@sprtn/primitives";
import { type Deployment, domainSeparator } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import type { TxPool } from "@sprtn/tx-pool";
import {
  AttestationPool,
  Equivocations,
  guardEmptyProtection,
  OwnKeyWatch,
  ProtectedSigner,
  RecentProposals,
  SlashingProtection,
  Validator,
} from "@sprtn/validator";
import type { ValidatorOptions } from "@sprtn/validator/settings";
import type { ChainParts } from "./chain.js";
import type { Network } from "./network.js";
import type { NodePorts } from "./node-ports.js";
import { type OpenedStores, Prefix } from "./stores.js";

/** Slots of attestations and executed proposals that a node remembers at least, besides the current one. */
const RECENT_SLOTS = 4;
/** Slots of which evidence against validators that signed twice is remembered. */
const EVIDENCE_SLOTS = 256;

/** A key that signs blocks, behind the record of what it has signed. */
export interface SigningKey {
  readonly signer: Signer;
  readonly protection: SlashingProtection;
  readonly ownKeyWatch: OwnKeyWatch;
}

/** What hears proposals and attestations, judges them, and signs if the node has a key. */
export interface ValidatorParts {
  readonly proposals: RecentProposals;
  readonly equivocations: Equivocations;
  readonly attestations: AttestationPool;
  readonly validator: Validator;
  /** Of a node that signs blocks. */
  readonly blockSigner?: ProtectedSigner;
}

/** What a validator is put together from, besides ports. */
export interface ValidatorDependencyParts {
  readonly chain: Pick<ChainParts, "worldState" | "archiver" | "committees">;
  readonly network: Pick<Network, "gossip">;
  readonly pool: TxPool;
  /** Absent on a node that signs nothing: it still passes good messages on. */
  readonly key?: SigningKey | undefined;
}

/** SIGN-1: if the record is gone but other stores are not, it is closed up to now before the key can sign anything. */
export async function openSigningKey(
  ports: Pick<NodePorts, "signer" | "clock" | "logger" | "meter">,
  { stores, hasRunBefore }: Pick<OpenedStores, "stores" | "hasRunBefore">,
  { deployment: { parameters } }: { readonly deployment: Deployment },
): Promise<SigningKey> {
  const { signer, clock, logger, meter } = ports;
  const protection = new SlashingProtection({ store: stores.validator }, { prefix: Uint8Array.of(Prefix.VALIDATOR) });
  const now = unixSeconds(clock);
  if (hasRunBefore && now >= parameters.genesisTime)
    await guardEmptyProtection(
      { protection, logger: logger.child("validator") },
      { key: signer.address, currentSlot: slotAt(parameters, now) },
    );
  if (!hasRunBefore && (await protection.isEmpty())) await beginRecord(protection, signer.address);
  const ownKeyWatch = new OwnKeyWatch(
    { address: signer.address, protection, clock, logger: logger.child("own-key"), meter },
    { time: parameters },
  );
  return { signer, protection, ownKeyWatch };
}

/**
 * SIGN-1: from its first start on a record is there, so that only one that was lost is empty: a validator that no
 * committee has called has signed nothing. No block is in slot 0.
 */
async function beginRecord(protection: SlashingProtection, key: EthAddress): Promise<void> {
  for (const type of ["Proposal", "Attestation"] as const)
    await protection.import(key, type, { watermark: Slot(0), records: [] });
}

/** A validator, or what stands in its place on a node without a key. */
export function assembleValidator(
  ports: Pick<NodePorts, "recovery" | "executor" | "journal" | "clock" | "logger" | "meter">,
  { chain, network, pool, key }: ValidatorDependencyParts,
  { deployment, validator: { faults } }: { readonly deployment: Deployment; readonly validator: ValidatorOptions },
): ValidatorParts {
  const { recovery, executor, journal, clock, logger, meter } = ports;
  const { committees } = chain;
  const { gossip } = network;
  const domain = domainSeparator({ chainId: deployment.chainId, rollup: deployment.contracts.rollup });
  // As far back as the parent of a proposal is looked for.
  const recentSlots = Math.max(RECENT_SLOTS, parentReach(deployment.parameters, "member"));
  const proposals = new RecentProposals({ slots: recentSlots + 1 });
  const equivocations = new Equivocations({ logger: logger.child("equivocations"), meter }, { slots: EVIDENCE_SLOTS });
  const watch = key === undefined ? {} : { ownKey: key.ownKeyWatch };
  const attestations = new AttestationPool(
    { committees, recovery, equivocations, ...watch, journal, clock, logger: logger.child("attestations") },
    { time: deployment.parameters, domain, lateSlots: recentSlots },
  );
  const signing =
    key === undefined
      ? {}
      : {
          blockSigner: new ProtectedSigner(
            { signer: key.signer, protection: key.protection, pool: attestations, gossip },
            { domain, withholdAttestations: faults.includes("withhold-attestations") },
          ),
        };
  const validator = new Validator(
    {
      blocks: chain.archiver,
      forks: chain.worldState,
      txs: pool,
      executor,
      committees,
      gossip,
      recovery,
      pool: attestations,
      proposals,
      equivocations,
      ...("blockSigner" in signing ? { signer: signing.blockSigner } : {}),
      ...watch,
      journal,
      clock,
      logger: logger.child("validator"),
      meter,
    },
    { deployment, domain },
  );
  return { proposals, equivocations, attestations, validator, ...signing };
}
