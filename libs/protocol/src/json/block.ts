import type { ChainTips, L2Block } from "../block.js";
import type { BlockHeader, GasFees } from "../header.js";
import type { TxEffect } from "../tx-effect.js";
import * as z from "zod/mini";
import { address, blockNumber, field, slot, u32, uint, unixSeconds } from "./scalars.js";

/** Base fees, wei per unit of gas: u64 as decimal strings. */
export const gasFees: z.ZodMiniType<GasFees> = z.object({ perL2Gas: uint(64), perDaGas: uint(64) });

/** A block's header, field by field; not the 284 bytes. */
export const header: z.ZodMiniType<BlockHeader> = z.object({
  lastArchive: field,
  number: blockNumber,
  slot,
  timestamp: unixSeconds,
  coinbase: address,
  feeRecipient: field,
  baseFees: gasFees,
  daHash: field,
  inHash: field,
  outHash: field,
  txCount: u32,
  totalBaseFees: uint(128),
  totalL2Gas: uint(64),
  totalDaGas: uint(64),
  stateHash: field,
});

const write = z.object({ slot: field, value: field });

/** What a transaction did to the state. */
export const effect: z.ZodMiniType<TxEffect> = z.object({
  txHash: field,
  reverted: z.boolean(),
  fee: uint(128),
  nullifiers: z.tuple([field, field]),
  noteHashes: z.tuple([field, field]),
  writes: z.tuple([write, write, write, write]),
  l2ToL1Message: field,
  encryptedNotes: z.tuple([field, field, field, field, field, field]),
});

/** A block with its effects, as `node_getBlock` gives it. */
export const block: z.ZodMiniType<L2Block> = z.object({
  header,
  headerHash: field,
  archive: field,
  effects: z.array(effect),
});

const blockId = z.object({ number: blockNumber, hash: field });

/** Number and hash of the three tips. */
export const chainTips: z.ZodMiniType<ChainTips> = z.object({ pending: blockId, proven: blockId, finalized: blockId });
