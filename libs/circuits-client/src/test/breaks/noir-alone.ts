/**
 * Constraints that TypeScript's types and codecs keep from the circuit's twin: they break by one value of the witness.
 */
export const noirBreaks = [
  { circuit: "transfer", value: "witness.call.kind", of: 6n, constraint: "no such call kind" },
  {
    circuit: "block-root-empty",
    value: "inputs.header.coinbase",
    of: 1n << 160n,
    constraint: "value has more than its words",
  },
] as const;
