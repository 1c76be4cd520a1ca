import { checkTxShape } from "@sprtn/protocol";
import type { AdmissionRule } from "./admission-view.js";

/**
 * TX-1: well-formed (spec/transactions.md "Calls"), gas limits cover the gas used (TX-2), nullifiers distinct within
 * the tx (INV-4).
 */
export const checkShape: AdmissionRule = ({ tx }) => checkTxShape(tx.inputs)[0];
