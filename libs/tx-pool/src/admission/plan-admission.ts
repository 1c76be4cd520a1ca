import type { PoolEntry } from "../pool-entry.js";
import type { Refusal } from "../refusal.js";
import type { AdmissionRule, AdmissionView } from "./admission-view.js";
import { checkAnchor } from "./check-anchor.js";
import { checkBaseFees } from "./check-base-fees.js";
import { checkBlockGas } from "./check-block-gas.js";
import { checkChain } from "./check-chain.js";
import { checkCredit } from "./check-credit.js";
import { checkExpiration } from "./check-expiration.js";
import { checkFunds } from "./check-funds.js";
import { checkNotesHash } from "./check-notes-hash.js";
import { checkNullifiers } from "./check-nullifiers.js";
import { checkReplacement } from "./check-replacement.js";
import { checkShape } from "./check-shape.js";
import { checkSize } from "./check-size.js";
import { makeRoom } from "./make-room.js";

/** Rules whose answer never changes, cheap ones first. */
const staticRules: readonly AdmissionRule[] = [checkSize, checkShape, checkChain, checkBlockGas, checkNotesHash];
/** Rules whose answer depends on the state. */
const stateRules: readonly AdmissionRule[] = [checkExpiration, checkAnchor, checkNullifiers, checkCredit];

/** What makes room for a candidate that may come in. */
export interface AdmissionPlan {
  /** They share a nullifier with it. */
  readonly replaced: readonly PoolEntry[];
  /** The pool is too small for them and it. */
  readonly displaced: readonly PoolEntry[];
}

export function isRefusal(result: Refusal | object): result is Refusal {
  return "code" in result;
}

/** What is wrong with a transaction in every state, if anything is; its proof is not looked at. */
export function checkStatic(candidate: PoolEntry, view: AdmissionView): Refusal | undefined {
  return firstRefusal(staticRules, candidate, view);
}

/** What is wrong with a pending transaction on the state of `view`, whatever else is pending. */
export function checkStanding(entry: PoolEntry, view: AdmissionView): Refusal | undefined {
  return checkStatic(entry, view) ?? firstRefusal(stateRules, entry, view);
}

/** TX-1 except for static rules, the message and the proof. */
export function planAdmission(candidate: PoolEntry, view: AdmissionView): Refusal | AdmissionPlan {
  const refusal = firstRefusal([checkBaseFees, ...stateRules], candidate, view);
  if (refusal) return refusal;
  const replaced = view.pending.using(candidate.tx.inputs.nullifiers);
  const refused = checkReplacement(candidate, replaced) ?? checkFunds(candidate, view, replaced);
  if (refused) return refused;
  const room = makeRoom(candidate, view, replaced);
  return isRefusal(room) ? room : { replaced, displaced: room };
}

/**
 * As {@link planAdmission} for a transaction that was acknowledged before (INV-10): it needs no room, may wait for
 * lower base fees, and goes before whatever took its nullifiers meanwhile.
 */
export function planReturn(candidate: PoolEntry, view: AdmissionView): Refusal | AdmissionPlan {
  const refusal = firstRefusal(stateRules, candidate, view);
  if (refusal) return refusal;
  const replaced = view.pending.using(candidate.tx.inputs.nullifiers);
  return checkFunds(candidate, view, replaced) ?? { replaced, displaced: [] };
}

function firstRefusal(rules: readonly AdmissionRule[], candidate: PoolEntry, view: AdmissionView): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(candidate, view);
    if (refusal) return refusal;
  }
  return undefined;
}
