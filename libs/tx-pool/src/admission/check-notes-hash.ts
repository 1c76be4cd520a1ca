import { hashEncryptedNotes } from "@sprtn/protocol";
import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-1: the encrypted notes are those that the proof commits to. */
export const checkNotesHash: AdmissionRule = ({ tx }, { hasher }) => {
  if (hashEncryptedNotes(hasher, tx.encryptedNotes) === tx.inputs.encryptedNotesHash) return undefined;
  return {
    code: TxRefusalCode.NOTES_HASH_WRONG,
    reason: "its encrypted notes are not those that its proof commits to: send the six fields that were hashed",
  };
};
