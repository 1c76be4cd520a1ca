// Written by tools/keys/derive-keys.mjs: what Barretenberg counts. A change of it is a change of a circuit.
/** Gates of each circuit, before they are rounded up to a power of two. A proof's cost follows them. */
export const circuitGates = {
  transfer: 33944,
  "tx-base": 857019,
  "tx-merge": 1444504,
  "block-root-empty": 181817,
  "block-root-one": 862278,
  "block-root-two": 1623864,
  "block-merge": 1427224,
  "root-one": 682411,
  "root-two": 1427226,
  "block-root-single": 923006,
  "block-root-pair": 1907980,
} as const;
