// Generated from ../../constants.json by tools/codegen/typescript-constants.mjs; change that, not this.
export const HEADER_LENGTH = 284;
export const TX_EFFECT_FIELDS = 22;
export const TX_EFFECT_BYTES = 704;
export const TX_PUBLIC_INPUTS = 24;
export const ROOT_PUBLIC_INPUTS = 7;
export const NOTE_HASH_TREE_DEPTH = 32;
export const NULLIFIER_TREE_DEPTH = 32;
export const PUBLIC_DATA_TREE_DEPTH = 32;
export const MESSAGE_TREE_DEPTH = 32;
export const ARCHIVE_TREE_DEPTH = 30;
export const MESSAGES_PER_BLOCK = 16;
export const MESSAGE_SUBTREE_DEPTH = 4;
export const MESSAGE_LAG_BLOCKS = 2;
export const NULLIFIERS_PER_TX = 2;
export const NOTE_HASHES_PER_TX = 2;
export const WRITES_PER_TX = 4;
export const ENCRYPTED_NOTE_FIELDS = 3;
export const SET_LAG_EPOCHS = 3;
export const RANDAO_LAG_EPOCHS = 2;
export const CLIENT_PROOF_BYTES = 14656;
export const SIMULATED_PROOF_BYTES = 10688;
export const MAX_PROOF_BYTES = 16384;
export const MAX_TXS_PER_BLOCK = 1024;
export const MAX_COMMITTEE = 1024;
export const EFFECTS_CHUNK_TXS = 128;
export const MAX_EFFECTS_CALLDATA_BYTES = 120000;
export const L2_GAS_TX = 5000;
export const L2_GAS_NULLIFIER = 1000;
export const L2_GAS_NOTE = 1000;
export const L2_GAS_WRITE = 1500;
export const L2_GAS_MESSAGE = 2000;
export const DA_GAS_BYTE = 1;
export const KEY_TREE_DEPTH = 4;
export const MESSAGES_OF_SINGLE_BLOCK = 2;

/** First input of every struct's Poseidon2 hash. */
export const DomainSeparator = {
  STATE: 1n,
  NULLIFIER_LEAF: 2n,
  PUBLIC_DATA_LEAF: 3n,
  ARCHIVE_LEAF: 4n,
  NPK: 5n,
  ADDRESS: 6n,
  NOTE: 7n,
  UNIQUE_NOTE: 8n,
  NULLIFIER: 9n,
  DUMMY_NULLIFIER: 10n,
  MESSAGE_NULLIFIER: 11n,
  SECRET: 12n,
  ENCRYPTION: 13n,
  ENCRYPTED_NOTES: 14n,
  BALANCE_SLOT: 15n,
  TX: 16n,
  BLOCK_CONSTANTS: 17n,
  KEY_TREE_LEAF: 18n,
  RANDOMNESS: 19n,
} as const;

/** Circuits by their index in the key tree. The order is part of the format: a key's position says what kind of circuit it is. */
export const circuitNames = ["transfer", "tx-base", "tx-merge", "block-root-empty", "block-root-one", "block-root-two", "block-merge", "root-one", "root-two", "block-root-single", "block-root-pair"] as const;
