import type { Logger } from "@sprtn/ports";
import type { JsonRpcProvider } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** What a transaction offers for its gas, wei (EIP-1559). */
export interface TransactionFees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export interface FeeSettings {
  /** Never offer more than this, wei per gas. */
  readonly maxFeePerGas: bigint;
  /** The highest tip at first, wei per gas, whatever L1 advises; what replaces a transaction has to offer more. */
  readonly maxPriorityFeePerGas: bigint;
  /** By how much a replacement offers more, percent; nodes refuse less than 10. */
  readonly bumpPercent: number;
}

/**
 * What gets a transaction mined soon: the node's advice for the tip, if it is not absurd, and room for the base fee to
 * double.
 */
export async function marketFees(
  provider: JsonRpcProvider,
  settings: FeeSettings,
  logger: Logger,
): Promise<TransactionFees> {
  const [advice, block] = await Promise.all([
    provider.send("eth_maxPriorityFeePerGas", []) as Promise<string>,
    provider.send("eth_getBlockByNumber", ["latest", false]) as Promise<{ baseFeePerGas?: string } | null>,
  ]);
  const baseFee = block?.baseFeePerGas;
  if (baseFee === undefined)
    throw new L1Error(
      L1ErrorCode.BAD_ANSWER,
      "an L1 endpoint's newest block has no base fee: use one that is in sync, of a chain with EIP-1559",
    );
  const tip = smaller(BigInt(advice), settings.maxPriorityFeePerGas);
  if (BigInt(advice) > tip)
    logger.warn(
      "L1 advises a higher tip than may be offered: if transactions wait for long, raise " +
        "L1_MAX_PRIORITY_FEE_PER_GAS; if the advice is absurd, use another endpoint",
      { advice: BigInt(advice), offered: tip },
    );
  return capped({ maxFeePerGas: 2n * BigInt(baseFee) + tip, maxPriorityFeePerGas: tip }, settings);
}

/** What replaces a transaction that offered `previous`; `undefined` when the cap leaves no room for it. */
export function bumpedFees(
  previous: TransactionFees,
  market: TransactionFees,
  settings: FeeSettings,
): TransactionFees | undefined {
  const raise = (fee: bigint) => (fee * BigInt(100 + settings.bumpPercent)) / 100n + 1n;
  const least = {
    maxFeePerGas: raise(previous.maxFeePerGas),
    maxPriorityFeePerGas: raise(previous.maxPriorityFeePerGas),
  };
  if (least.maxFeePerGas > settings.maxFeePerGas) return undefined;
  return capped(
    {
      maxFeePerGas: larger(least.maxFeePerGas, market.maxFeePerGas),
      maxPriorityFeePerGas: larger(least.maxPriorityFeePerGas, market.maxPriorityFeePerGas),
    },
    settings,
  );
}

function capped(fees: TransactionFees, settings: FeeSettings): TransactionFees {
  const maxFeePerGas = smaller(fees.maxFeePerGas, settings.maxFeePerGas);
  return { maxFeePerGas, maxPriorityFeePerGas: smaller(fees.maxPriorityFeePerGas, maxFeePerGas) };
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
