import { type Field, type FieldHasher, ZERO_FIELD } from "@sprtn/primitives";
import {
  archiveLeaf,
  constants as protocol,
  domainOf,
  hashHeader,
  hashState,
  inHashOf,
  nextAccumulator,
} from "@sprtn/protocol";
import { constrain } from "./circuit-error.js";
import type { BlockRootInputs } from "./circuit-inputs.js";
import {
  hashConstants,
  type PartialState,
  partialStateFields,
  type RangePublicInputs,
  type SpanPublicInputs,
} from "./public-inputs.js";
import { appendSubtree, checkArchiveOpening, subtreeRoot } from "./tree-steps.js";
import { txMergeCircuit } from "./tx-merge.js";

/**
 * Block root (`libs/protocol/spec/circuits.md`): the block's header follows from its predecessor and its transactions.
 * `spans` are the public inputs of its 0 to 2 children, verified by the caller; `maxMessages` is how many messages of
 * the subtree the circuit can take.
 */
export function blockRootCircuit(
  hasher: FieldHasher,
  inputs: Omit<BlockRootInputs, "children">,
  { spans, maxMessages = protocol.MESSAGES_PER_BLOCK }: { spans: readonly SpanPublicInputs[]; maxMessages?: number },
): RangePublicInputs {
  const { header, previous } = inputs;
  checkArchiveOpening(hasher, previous, { archive: header.lastArchive, what: "previous block" });
  constrain(header.number === previous.number + 1, "block number is not the next");
  constrain(header.slot > previous.slot, "slot is not after the previous block's");

  constrain(inputs.messages.length === protocol.MESSAGES_PER_BLOCK, "a block has 16 message leaves");
  const used = inputs.messages.filter(message => message !== ZERO_FIELD);
  constrain(
    inputs.messages.slice(0, used.length).every(message => message !== ZERO_FIELD),
    "messages have a gap",
  );
  constrain(used.length <= maxMessages, "more messages than this circuit takes");
  constrain(inHashOf(used) === header.inHash, "inHash is not that of the messages");
  const messages = appendSubtree(hasher, previous.state.messages, {
    node: subtreeRoot(hasher, inputs.messages),
    height: protocol.MESSAGE_SUBTREE_DEPTH,
    path: inputs.messagePath,
    what: "message subtree",
  });

  const before: PartialState = {
    noteHashes: previous.state.noteHashes,
    nullifiers: previous.state.nullifiers,
    publicData: previous.state.publicData,
  };
  const [left, right] = spans;
  const span = left !== undefined && right !== undefined ? txMergeCircuit(left, right) : left;
  if (span !== undefined) {
    const constantsHash = hashConstants(hasher, {
      keyTreeRoot: inputs.keyTreeRoot,
      chainId: inputs.chainId,
      rollupVersion: inputs.rollupVersion,
      feePortal: inputs.feePortal,
      number: header.number,
      slot: header.slot,
      lastArchive: header.lastArchive,
      messageRoot: messages.root,
      baseFees: header.baseFees,
      feeRecipient: header.feeRecipient,
    });
    constrain(span.constantsHash === constantsHash, "transactions are of another block");
    constrain(span.keyTreeRoot === inputs.keyTreeRoot, "transactions have another key tree");
    const start = partialStateFields(span.start);
    constrain(
      partialStateFields(before).every((field, i) => field === start[i]),
      "transactions do not start at the previous block's state",
    );
  }
  constrain((span?.effectsHash ?? 0n) === header.daHash, "daHash is not that of the effects");
  constrain((span?.outHash ?? 0n) === header.outHash, "outHash is not that of the effects");
  constrain((span?.baseFees ?? 0n) === header.totalBaseFees, "totalBaseFees is not the sum");
  constrain(
    (span?.l2Gas ?? 0n) === header.totalL2Gas && (span?.daGas ?? 0n) === header.totalDaGas,
    "total gas is not the sum",
  );
  constrain(Number(span?.txCount ?? 0n) === header.txCount, "txCount is not the number of transactions");
  const stateHash = hashState(hasher, { messages, ...(span?.end ?? before) });
  constrain(stateHash === header.stateHash, "stateHash is not that of the state after the block");

  const headerHash = hashHeader(header);
  const leaf: Field = archiveLeaf(hasher, { headerHash, stateHash, number: header.number, slot: header.slot });
  const archive = appendSubtree(
    hasher,
    { root: header.lastArchive, nextIndex: header.number },
    { node: leaf, height: 0, path: inputs.archivePath, what: "archive leaf" },
  );
  return {
    keyTreeRoot: inputs.keyTreeRoot,
    domain: domainOf({ chainId: inputs.chainId, rollupVersion: inputs.rollupVersion, feePortal: inputs.feePortal }),
    startArchive: header.lastArchive,
    endArchive: archive.root,
    startAccumulator: inputs.startAccumulator,
    endAccumulator: nextAccumulator(inputs.startAccumulator, headerHash),
  };
}
