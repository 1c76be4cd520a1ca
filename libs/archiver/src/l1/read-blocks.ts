import type { L1BlockNumber } from "@sprtn/primitives";
import type { L1Block, L1Reader } from "@sprtn/ports";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";

/** Blocks asked for at a time. */
const PARALLEL = 8;

/**
 * L1 blocks by number, ascending, a few at a time. What was read before a failure is kept: the result may be the
 * beginning only, and what failed shows again when the rest is asked for.
 *
 * @throws ArchiverError L1_BLOCK_MISSING, or what the reader threw, when not even the first could be read
 */
export async function readBlocks(l1: L1Reader, numbers: readonly L1BlockNumber[]): Promise<readonly L1Block[]> {
  const blocks: L1Block[] = [];
  for (let at = 0; at < numbers.length; at += PARALLEL) {
    const answers = await Promise.allSettled(numbers.slice(at, at + PARALLEL).map(number => l1.block(number)));
    for (const answer of answers) {
      if (answer.status === "fulfilled" && answer.value) {
        blocks.push(answer.value);
        continue;
      }
      if (blocks.length > 0) return blocks;
      if (answer.status === "rejected") throw answer.reason;
      await requireShorter(l1, numbers[0] as L1BlockNumber);
      return blocks;
    }
  }
  return blocks;
}

/**
 * A missing block was removed by a reorg, or is a gap in the endpoint's data.
 * @throws ArchiverError L1_BLOCK_MISSING when the head is no lower than the block
 */
export async function requireShorter(l1: L1Reader, number: L1BlockNumber): Promise<void> {
  const head = await l1.head();
  if (head.number < number || (await l1.block(number))) return;
  throw new ArchiverError(
    ArchiverErrorCode.L1_BLOCK_MISSING,
    `the L1 endpoint is at block ${head.number} but does not have block ${number}: its database has a gap, or it ` +
      "is still importing; repair it, or use another endpoint in ETHEREUM_HOST",
    { l1Block: number },
  );
}
