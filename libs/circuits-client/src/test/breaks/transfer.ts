import { CallKind, encodeTransferWitness } from "@sprtn/protocol";
import { transferBreaks as table, witnesses } from "@sprtn/state-transition/transfer-fixture";
import type { Break } from "./break.js";

/** The transfer circuit's: its TypeScript twin is held to the same table. */
export const transferBreaks: readonly Break[] = table.map(([kind, what, constraint, change]) => ({
  circuit: "transfer",
  what: `${CallKind[kind].toLowerCase()} with ${what}`,
  constraint,
  inputs: encodeTransferWitness({ ...witnesses[kind], ...change(witnesses[kind]) }),
}));
