import type { EthAddress, Slot } from "@sprtn/primitives";
import { quorum } from "@sprtn/consensus";
import type { AttestationSource, Clock } from "@sprtn/ports";
import { type BlockPayload, type PackedMember, packSignatures } from "@sprtn/protocol";
import { sleep } from "@sprtn/runtime";
import { SequencerError, SequencerErrorCode } from "./sequencer-error.js";

/** What is collected: for which slot and block, from whom, until when (ms on the clock), and how often it is looked. */
export interface Collection {
  readonly slot: Slot;
  readonly payload: BlockPayload;
  readonly committee: readonly EthAddress[];
  readonly proposer: EthAddress;
  readonly deadlineMs: number;
  readonly pollMs: number;
}

/** Waits for a quorum and packs it. @throws SequencerError NO_QUORUM at the deadline */
export async function collectAttestations(
  dependencies: { readonly attestations: AttestationSource; readonly clock: Clock },
  collection: Collection,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { attestations, clock } = dependencies;
  for (;;) {
    const packed = packQuorum(attestations, collection);
    if (packed !== undefined) return packed;
    const leftMs = collection.deadlineMs - clock.nowMs();
    if (leftMs <= 0) {
      const have = attestations.attestationsOf(collection.slot, collection.payload).size;
      throw new SequencerError(
        SequencerErrorCode.NO_QUORUM,
        `${have} of ${quorum(collection.committee.length)} attestations that the block needs arrived in time: see ` +
          "that the committee's nodes run, are in sync and reach each other; if they do, the slot time is too short " +
          "for this network or its machines",
        { slot: collection.slot, have },
      );
    }
    await sleep(clock, Math.min(collection.pollMs, leftMs), signal);
  }
}

/** PEND-3, PEND-4: the proposer and as many others as the quorum needs, in committee order; no more, each costs gas. */
export function packQuorum(
  attestations: AttestationSource,
  { slot, payload, committee, proposer }: Omit<Collection, "deadlineMs" | "pollMs">,
): Uint8Array | undefined {
  const votes = attestations.attestationsOf(slot, payload);
  const needed = quorum(committee.length);
  if (votes.size < needed || (needed > 0 && !votes.has(proposer))) return undefined;
  let others = needed - 1;
  const members = committee.map((member): PackedMember => {
    const signature = votes.get(member);
    if (signature === undefined || (member !== proposer && others <= 0)) return { address: member };
    if (member !== proposer) others--;
    return { signature };
  });
  return packSignatures(members);
}
