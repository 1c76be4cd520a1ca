// Generated from ../../constants.json by tools/codegen/typescript-constants.mjs; change that, not this.
/** Bytes of an encoded block header. */
export const HEADER_LENGTH = 284;
/** Fields of a transaction's effect. */
export const TX_EFFECT_FIELDS = 22;
/** Bytes of an encoded effect: 32 a field. */
export const TX_EFFECT_BYTES = 704;
/** Public inputs of a transaction's proof. */
export const TX_PUBLIC_INPUTS = 24;
/** Public inputs of an epoch's root proof. */
export const ROOT_PUBLIC_INPUTS = 7;
/** Levels below the root of the tree of unique note hashes: 2^32 leaves. */
export const NOTE_HASH_TREE_DEPTH = 32;
/** Levels below the root of the nullifier tree. */
export const NULLIFIER_TREE_DEPTH = 32;
/** Levels below the root of the tree of public balances. */
export const PUBLIC_DATA_TREE_DEPTH = 32;
/** Levels below the root of the tree of L1→L2 messages. */
export const MESSAGE_TREE_DEPTH = 32;
/** Levels below the root of the archive: 2^30 blocks. */
export const ARCHIVE_TREE_DEPTH = 30;
/** L1→L2 messages of one block's subtree, at most; zeros fill it. */
export const MESSAGES_PER_BLOCK = 16;
/** Levels of a block's subtree of messages. */
export const MESSAGE_SUBTREE_DEPTH = 4;
/** Processing block n freezes the subtree of messages of block n + this (MSG-1). */
export const MESSAGE_LAG_BLOCKS = 2;
/** Nullifiers, and so input notes, of a transaction. */
export const NULLIFIERS_PER_TX = 2;
/** Output notes of a transaction, at most. */
export const NOTE_HASHES_PER_TX = 2;
/** Public balances that a transaction may write. */
export const WRITES_PER_TX = 4;
/** Fields of one note's ciphertext. */
export const ENCRYPTED_NOTE_FIELDS = 3;
/** Epochs from a change of the validator set to its effect (SET-3). */
export const SET_LAG_EPOCHS = 3;
/** Epochs from the randao that is recorded to the committee that it draws (SEED-1). */
export const RANDAO_LAG_EPOCHS = 2;
/** Bytes of a transaction's proof. */
export const CLIENT_PROOF_BYTES = 14656;
/** Bytes of the marker that stands in for a root proof (PROV-6). */
export const SIMULATED_PROOF_BYTES = 10688;
/** Bytes that a transaction's proof may have on the wire. */
export const MAX_PROOF_BYTES = 16384;
/** Transactions of a block, at most. */
export const MAX_TXS_PER_BLOCK = 1024;
/** Members of a committee, at most. */
export const MAX_COMMITTEE = 1024;
/** Transactions whose effects travel in one chunk (PEND-5). */
export const EFFECTS_CHUNK_TXS = 128;
/** Effects up to here travel with the proposal, longer ones in chunks; L1 nodes take 128 KiB. */
export const MAX_EFFECTS_CALLDATA_BYTES = 120000;
/** L2 gas of any transaction. */
export const L2_GAS_TX = 5000;
/** L2 gas of a nullifier. */
export const L2_GAS_NULLIFIER = 1000;
/** L2 gas of an output note. */
export const L2_GAS_NOTE = 1000;
/** L2 gas of a public write. */
export const L2_GAS_WRITE = 1500;
/** L2 gas of the message that a withdrawal sends to L1. */
export const L2_GAS_MESSAGE = 2000;
/** DA gas of a published byte. */
export const DA_GAS_BYTE = 1;
/** Levels below the root of the tree of verification keys. */
export const KEY_TREE_DEPTH = 4;
/** Messages up to which a block of one transaction is proven without a tx-base proof of its own. */
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
