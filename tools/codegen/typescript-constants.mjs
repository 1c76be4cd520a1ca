// Writes libs/protocol/src/generated/constants.ts from libs/protocol/constants.json. With --check it only compares.
import { fileURLToPath } from "node:url";
import { readConstants, writeOrCheck } from "./generated-page.mjs";

export const typescriptConstantsPath = "libs/protocol/src/generated/constants.ts";

/** What each number means; every one has a line. */
const meanings = {
  HEADER_LENGTH: "Bytes of an encoded block header.",
  TX_EFFECT_FIELDS: "Fields of a transaction's effect.",
  TX_EFFECT_BYTES: "Bytes of an encoded effect: 32 a field.",
  TX_PUBLIC_INPUTS: "Public inputs of a transaction's proof.",
  ROOT_PUBLIC_INPUTS: "Public inputs of an epoch's root proof.",
  NOTE_HASH_TREE_DEPTH: "Levels below the root of the tree of unique note hashes: 2^32 leaves.",
  NULLIFIER_TREE_DEPTH: "Levels below the root of the nullifier tree.",
  PUBLIC_DATA_TREE_DEPTH: "Levels below the root of the tree of public balances.",
  MESSAGE_TREE_DEPTH: "Levels below the root of the tree of L1→L2 messages.",
  ARCHIVE_TREE_DEPTH: "Levels below the root of the archive: 2^30 blocks.",
  MESSAGES_PER_BLOCK: "L1→L2 messages of one block's subtree, at most; zeros fill it.",
  MESSAGE_SUBTREE_DEPTH: "Levels of a block's subtree of messages.",
  MESSAGE_LAG_BLOCKS: "Processing block n freezes the subtree of messages of block n + this (MSG-1).",
  NULLIFIERS_PER_TX: "Nullifiers, and so input notes, of a transaction.",
  NOTE_HASHES_PER_TX: "Output notes of a transaction, at most.",
  WRITES_PER_TX: "Public balances that a transaction may write.",
  ENCRYPTED_NOTE_FIELDS: "Fields of one note's ciphertext.",
  SET_LAG_EPOCHS: "Epochs from a change of the validator set to its effect (SET-3).",
  RANDAO_LAG_EPOCHS: "Epochs from the randao that is recorded to the committee that it draws (SEED-1).",
  CLIENT_PROOF_BYTES: "Bytes of a transaction's proof.",
  SIMULATED_PROOF_BYTES: "Bytes of the marker that stands in for a root proof (PROV-6).",
  MAX_PROOF_BYTES: "Bytes that a transaction's proof may have on the wire.",
  MAX_TXS_PER_BLOCK: "Transactions of a block, at most.",
  MAX_COMMITTEE: "Members of a committee, at most.",
  EFFECTS_CHUNK_TXS: "Transactions whose effects travel in one chunk (PEND-5).",
  MAX_EFFECTS_CALLDATA_BYTES:
    "Effects up to here travel with the proposal, longer ones in chunks; L1 nodes take 128 KiB.",
  L2_GAS_TX: "L2 gas of any transaction.",
  L2_GAS_NULLIFIER: "L2 gas of a nullifier.",
  L2_GAS_NOTE: "L2 gas of an output note.",
  L2_GAS_WRITE: "L2 gas of a public write.",
  L2_GAS_MESSAGE: "L2 gas of the message that a withdrawal sends to L1.",
  DA_GAS_BYTE: "DA gas of a published byte.",
  KEY_TREE_DEPTH: "Levels below the root of the tree of verification keys.",
  MESSAGES_OF_SINGLE_BLOCK:
    "Messages up to which a block of one transaction is proven without a tx-base proof of its own.",
};

/** The TypeScript source that the protocol's constants imply. */
export function typescriptConstants(constants = readConstants()) {
  return [
    "// Generated from ../../constants.json by tools/codegen/typescript-constants.mjs; change that, not this.",
    ...Object.entries(constants.numbers).map(
      ([name, value]) => `/** ${meaningOf(name)} */\nexport const ${name} = ${value};`,
    ),
    "",
    "/** First input of every struct's Poseidon2 hash. */",
    "export const DomainSeparator = {",
    ...Object.entries(constants.domainSeparators).map(([name, value]) => `  ${name}: ${value}n,`),
    "} as const;",
    "",
    "/** Circuits by their index in the key tree. The order is part of the format: a key's position says what kind " +
      "of circuit it is. */",
    `export const circuitNames = [${constants.circuits.map(name => JSON.stringify(name)).join(", ")}] as const;`,
    "",
  ].join("\n");
}

function meaningOf(name) {
  const meaning = meanings[name];
  if (meaning === undefined) throw new Error(`${name}: say in tools/codegen/typescript-constants.mjs what it means`);
  return meaning;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeOrCheck(typescriptConstantsPath, typescriptConstants());
