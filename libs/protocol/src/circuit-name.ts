import type { circuitNames } from "./generated/constants.js";

/** A circuit of `libs/protocol/spec/circuits.md`; its index in `circuitNames` is that of its key in the key tree. */
export type CircuitName = (typeof circuitNames)[number];
