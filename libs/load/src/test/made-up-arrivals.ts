import { Field } from "@sprtn/primitives";
import type { Arrival, Arrivals } from "../arrivals/draw-arrivals.js";
import type { WatchedBlock } from "../watch/chain-watch.js";

/** Payments at these moments, by turns of two accounts; the last one ends the offered window unless told. */
export function arrivalsAt(
  moments: readonly number[],
  { kind = "transfer", ...rest }: Partial<Pick<Arrival, "kind"> & Omit<Arrivals, "list">> = {},
): Arrivals {
  const list = moments.map((atMs, i) => ({ atMs, kind, account: i % 2 }));
  return { list, offeredMs: moments.at(-1) ?? 1, warmupMs: 0, rateAt: () => 1, ...rest };
}

/** A block with transactions of these hashes, pending at 1,000 ms unless told. */
export function watchedBlock(
  number: number,
  hashes: readonly (number | bigint)[],
  rest: Partial<WatchedBlock> & { readonly reverted?: readonly number[] } = {},
): WatchedBlock {
  const { reverted = [], ...fields } = rest;
  const txs = hashes.map(hash => ({ hash: Field(BigInt(hash)), reverted: reverted.includes(Number(hash)) }));
  return { number, hash: `0x${number}`, slot: number, txs, pendingAt: 1_000, ...fields };
}
