import { concatBytes, EthAddress, fromHex, type Slot, toHex } from "@sprtn/primitives";
import type { AttestationDuty, ProposalDuty, SlotDuties } from "@sprtn/ports";
import { SentinelError, SentinelErrorCode } from "./sentinel-error.js";

/** On disk: a duty is its place here, so the order never changes. */
const PROPOSALS: readonly ProposalDuty[] = ["unknown", "proposed", "late", "missed", "idle"];
const ATTESTATIONS: readonly AttestationDuty[] = ["unknown", "attested", "missed", "none"];
const ADDRESS_BYTES = 20;

/** Four bits a duty: the proposal's, then each member's, in committee order. */
export function encodeDuties({ proposal, attestations }: SlotDuties): Uint8Array {
  const places = [PROPOSALS.indexOf(proposal), ...attestations.map(({ duty }) => ATTESTATIONS.indexOf(duty))];
  const bytes = new Uint8Array(Math.ceil(places.length / 2));
  for (const [index, place] of places.entries()) bytes[index >> 1]! |= place << (index % 2 === 0 ? 0 : 4);
  return bytes;
}

/** @throws SentinelError BAD_RECORD */
export function decodeDuties(slot: Slot, bytes: Uint8Array, committee: readonly EthAddress[]): SlotDuties {
  if (bytes.length !== Math.ceil((committee.length + 1) / 2)) throw badRecord(slot);
  const place = (index: number) => (bytes[index >> 1]! >> (index % 2 === 0 ? 0 : 4)) & 0xf;
  const proposal = PROPOSALS[place(0)];
  if (proposal === undefined) throw badRecord(slot);
  return {
    slot,
    proposer: committee[slot % committee.length] ?? null,
    proposal,
    attestations: committee.map((validator, index) => {
      const duty = ATTESTATIONS[place(index + 1)];
      if (duty === undefined) throw badRecord(slot);
      return { validator, duty };
    }),
  };
}

/** A committee, in its order. */
export function encodeCommittee(committee: readonly EthAddress[]): Uint8Array {
  return concatBytes(...committee.map(member => fromHex(member)));
}

/** @throws SentinelError BAD_RECORD */
export function decodeCommittee(bytes: Uint8Array): readonly EthAddress[] {
  if (bytes.length % ADDRESS_BYTES !== 0) throw badRecord();
  return Array.from({ length: bytes.length / ADDRESS_BYTES }, (_, index) =>
    EthAddress(toHex(bytes.subarray(index * ADDRESS_BYTES, (index + 1) * ADDRESS_BYTES))),
  );
}

function badRecord(slot?: Slot): SentinelError {
  return new SentinelError(
    SentinelErrorCode.BAD_RECORD,
    "a stored record of duties cannot be read: the database is damaged; delete the folder sentinel of the data " +
      "directory: what it remembers is lost, and the node watches on",
    slot === undefined ? {} : { slot },
  );
}
