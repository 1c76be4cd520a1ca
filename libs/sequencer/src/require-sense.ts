import type { EthAddress } from "@sprtn/primitives";
import { SequencerError, SequencerErrorCode } from "./sequencer-error.js";

/** Settings of a sequencer with which it would propose for nothing, or never. */
export interface DoubtfulSettings {
  readonly coinbase: EthAddress;
  readonly maxTxs: number;
  readonly minTxPerBlock: number;
  readonly minSecondsBetweenBlocks: number;
  readonly maxSecondsBetweenBlocks: number;
}

/** @throws SequencerError BAD_SETTING */
export function requireSense(settings: DoubtfulSettings): void {
  const { coinbase, maxTxs, minTxPerBlock, minSecondsBetweenBlocks, maxSecondsBetweenBlocks } = settings;
  if (BigInt(coinbase) === 0n)
    throw bad("the block rewards would go to the zero address, and nobody has its key: give another COINBASE");
  if (minTxPerBlock > maxTxs)
    throw bad(
      `no block can have ${minTxPerBlock} transactions or more if it has ${maxTxs} at most: lower ` +
        "SEQ_MIN_TX_PER_BLOCK, or raise SEQ_MAX_TX_PER_BLOCK",
    );
  if (maxSecondsBetweenBlocks > 0 && minSecondsBetweenBlocks > maxSecondsBetweenBlocks)
    throw bad(
      `blocks cannot be ${minSecondsBetweenBlocks} s apart or more, and ${maxSecondsBetweenBlocks} s at most: lower ` +
        "SEQ_MIN_SECONDS_BETWEEN_BLOCKS, or raise SEQ_MAX_SECONDS_BETWEEN_BLOCKS",
    );
}

function bad(text: string): SequencerError {
  return new SequencerError(SequencerErrorCode.BAD_SETTING, text);
}
