import { slotStart } from "@sprtn/consensus";
import { CodedError, type Field, messageOf, sha256ToField } from "@sprtn/primitives";
import type { L1Event } from "@sprtn/ports";
import {
  type BlockHeader,
  constants,
  decodeEffects,
  decodeHeader,
  inHashOf,
  type L2Block,
  leftFilledRoot,
  nextBaseFees,
  outHashOf,
  sha256Parent,
} from "@sprtn/protocol";
import { BlockFault, BlockFaultCode } from "./block-fault.js";
import type { ArchivedDeployment } from "./chain-rules.js";

/** The event of a block that became pending, as the L1 reader gives it. */
export type BlockProposed = Extract<L1Event, { readonly type: "block-proposed" }>;

/** A block as L1 published it, with what the rules compare it with. */
export interface ValidateBlockInputs {
  readonly event: BlockProposed;
  /** The pending tip that the block must build on. */
  readonly parent: L2Block;
  /** The block's subtree as this node gathered it. */
  readonly messages: readonly Field[];
  readonly parameters: ArchivedDeployment["parameters"];
}

/**
 * The block that an event publishes, once it has passed every rule that needs no trees. PEND-3 and PEND-4 are left to
 * L1, whose events carry no signatures, and so is the upper bound of PEND-2. The rules that L1 checks come first:
 * events that this node has not seen show before a fault of the block can hide them.
 *
 * @throws BlockFault naming the rule broken
 */
export function validateBlock({ event, parent, messages, parameters }: ValidateBlockInputs): L2Block {
  const fault = (code: BlockFaultCode, what: string, cause?: unknown): BlockFault =>
    new BlockFault(code, `block ${event.number}: ${what}`, { block: event.number }, { cause });
  const header = decode(
    () => decodeHeader(event.header),
    error => fault(BlockFaultCode.BAD_HEADER, messageOf(error), error),
  );
  const require = (holds: boolean, code: BlockFaultCode, what: string): void => {
    if (!holds) throw fault(code, what);
  };
  const before = parent.header;

  // PEND-1 number = tip + 1; header.lastArchive = archive of the tip.
  require(header.number === event.number &&
    header.number ===
      before.number + 1, BlockFaultCode.WRONG_NUMBER, `its number is ${header.number}, after block ${before.number}`);
  require(header.lastArchive ===
    parent.archive, BlockFaultCode.WRONG_LAST_ARCHIVE, "its lastArchive is not the archive of the block before");
  // PEND-2 slot(tip) < slot(B); timestamp = start of the slot.
  require(header.slot >
    before.slot, BlockFaultCode.SLOT_NOT_AFTER_PARENT, `its slot ${header.slot} is not after slot ${before.slot}`);
  require(header.timestamp ===
    slotStart(
      parameters,
      header.slot,
    ), BlockFaultCode.WRONG_TIMESTAMP, `its timestamp ${header.timestamp} is not the start of slot ${header.slot}`);
  // PEND-5 header and effects are available: what is published is what the header commits to.
  require(header.daHash ===
    hashPublishedEffects(
      event.effects,
    ), BlockFaultCode.WRONG_DA_HASH, "its daHash is not that of the published effects");
  // PEND-6 inHash = the subtree frozen for this block; base fees = what L1 computes from the previous block.
  require(header.inHash ===
    inHashOf(messages), BlockFaultCode.WRONG_IN_HASH, `its inHash is not that of its ${messages.length} L1 messages`);
  require(hasBaseFeesAfter(
    before,
    header,
    parameters,
  ), BlockFaultCode.WRONG_BASE_FEES, "its base fees do not follow from the block before");
  // What follows L1 does not check.
  const effects = decode(
    () => decodeEffects(event.effects),
    error => fault(BlockFaultCode.BAD_EFFECTS, messageOf(error), error),
  );
  require(header.txCount ===
    effects.length, BlockFaultCode.WRONG_TX_COUNT, `its txCount is ${header.txCount}, not ${effects.length}`);
  // TX-2 block limit = 2 × target.
  const { l2, da } = parameters.gasTarget;
  require(header.totalL2Gas <= 2n * l2 &&
    header.totalDaGas <=
      2n *
        da, BlockFaultCode.TOO_MUCH_GAS, `its gas is ${header.totalL2Gas} and ${header.totalDaGas}, above 2 × target`);
  // MSG-2 outHash is that of the L2→L1 messages in its effects.
  require(header.outHash ===
    outHashOf(effects), BlockFaultCode.WRONG_OUT_HASH, "its outHash is not that of its messages to L1");
  require(new Set(effects.map(effect => effect.txHash)).size ===
    effects.length, BlockFaultCode.TX_TWICE, "it contains a transaction twice");
  return { header, headerHash: sha256ToField(event.header), archive: event.archive, effects };
}

function decode<T>(read: () => T, fault: (error: unknown) => BlockFault): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof CodedError ? fault(error) : error;
  }
}

/** `txsEffectsHash` over the bytes as published: the same as over the decoded effects, without encoding them again. */
export function hashPublishedEffects(bytes: Uint8Array): Field {
  const leaves: Field[] = [];
  for (let at = 0; at < bytes.length; at += constants.TX_EFFECT_BYTES)
    leaves.push(sha256ToField(bytes.subarray(at, at + constants.TX_EFFECT_BYTES)));
  return leftFilledRoot(leaves, sha256Parent);
}

function hasBaseFeesAfter(
  before: BlockHeader,
  header: BlockHeader,
  { gasTarget }: ArchivedDeployment["parameters"],
): boolean {
  const expected = nextBaseFees(before.baseFees, { l2: before.totalL2Gas, da: before.totalDaGas }, gasTarget);
  return header.baseFees.perL2Gas === expected.perL2Gas && header.baseFees.perDaGas === expected.perDaGas;
}
