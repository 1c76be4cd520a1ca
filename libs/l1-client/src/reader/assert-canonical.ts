import type { L1BlockRef } from "@sprtn/ports";
import type { JsonRpcProvider, Log } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { blockRef } from "./block-ref.js";

/** Blocks that are asked for at a time. */
const PARALLEL = 8;

/**
 * FINAL-3: logs of a removed block never mix with those of the chain. `to` was the range's last block before the logs
 * were read; its hash vouches for all blocks before it, so it must still be there, and each log must be in a block of
 * its chain.
 * @throws REORGED
 */
export async function assertCanonical(
  provider: JsonRpcProvider,
  logs: readonly Log[],
  { to, finalized }: { readonly to: L1BlockRef; readonly finalized: number },
): Promise<void> {
  const hashes = new Map<number, string>([[to.number, to.hash]]);
  for (const log of logs) {
    const known = hashes.get(log.blockNumber);
    if (known !== undefined && known !== log.blockHash) throw reorged(log.blockNumber);
    hashes.set(log.blockNumber, log.blockHash);
  }
  // Finalized blocks do not change; `to` itself is among the last that are asked for.
  const open = [...hashes].filter(([number]) => number > finalized && number !== to.number);
  open.push([to.number, to.hash]);
  for (let i = 0; i < open.length; i += PARALLEL) {
    await Promise.all(open.slice(i, i + PARALLEL).map(([number, hash]) => assertHash(provider, number, hash)));
  }
}

async function assertHash(provider: JsonRpcProvider, number: number, hash: string): Promise<void> {
  if ((await blockRef(provider, number))?.hash !== hash) throw reorged(number);
}

function reorged(number: number): L1Error {
  return new L1Error(L1ErrorCode.REORGED, `L1 block ${number} changed while its logs were read: read the range again`, {
    number,
    changed: true,
  });
}
