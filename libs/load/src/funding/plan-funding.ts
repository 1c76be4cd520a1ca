import { type GasFees, SMALLEST_GAS } from "@sprtn/protocol";
import type { Arrivals } from "../arrivals/draw-arrivals.js";
import type { LoadKind } from "../report/load-report.js";

/** What every account has before the load begins. */
export interface FundingGoal {
  /** Wei of public balance. */
  readonly public: bigint;
  /** Notes that can be spent at once, and wei of each. */
  readonly notes: number;
  readonly noteValue: bigint;
  /** Wei that payments are drawn from, 1 to this: so small that fees alone count. */
  readonly maxAmount: bigint;
}

/** Fees may grow this much while the load lasts: congestion raises them block by block. */
const FEE_GROWTH = 64n;
/** The dearest payment uses less than this many times the gas of the cheapest. */
const DEAREST = 4n;
const MAX_AMOUNT = 1_000n;
/** Slots from a payment until the notes that it makes can be spent: its own block, and missed ones. */
const NOTE_ROUND_SLOTS = 5;
/** More are not prepared: payments beyond wait for notes, and are late. */
const MAX_NOTES = 4_000;

const spendsNotes: ReadonlySet<LoadKind> = new Set(["private", "unshield"]);

/**
 * What each of `wallets` accounts needs, so that no payment waits for a note or a balance: as many notes as payments
 * spend in any five slots, and fees for all.
 */
export function planFunding(
  { list }: Pick<Arrivals, "list">,
  {
    wallets,
    slotDuration,
    baseFees,
  }: {
    readonly wallets: number;
    /** s */
    readonly slotDuration: number;
    readonly baseFees: GasFees;
  },
): FundingGoal {
  const fee =
    FEE_GROWTH * DEAREST * (SMALLEST_GAS.l2 * baseFees.perL2Gas + SMALLEST_GAS.da * baseFees.perDaGas) + MAX_AMOUNT;
  const spending = list.filter(({ kind }) => spendsNotes.has(kind)).map(({ atMs }) => atMs);
  const atOnce = Math.min(MAX_NOTES, busiest(spending, NOTE_ROUND_SLOTS * slotDuration * 1_000));
  // Two notes come of each shield.
  const notes = atOnce === 0 ? 0 : 2 * Math.ceil((atOnce * 1.25) / wallets / 2);
  const spends = notes === 0 ? 0 : Math.ceil(spending.length / (notes * wallets));
  const fromPublic = Math.ceil((list.length - spending.length) / wallets);
  return {
    public: fee * BigInt(2 * fromPublic + 4),
    notes,
    noteValue: fee * BigInt(3 * spends + 2),
    maxAmount: MAX_AMOUNT,
  };
}

/** The most of `moments`, which ascend, that lie within `spanMs`. */
function busiest(moments: readonly number[], spanMs: number): number {
  let most = 0;
  for (let end = 0, begin = 0; end < moments.length; end++) {
    while ((moments[end] as number) - (moments[begin] as number) >= spanMs) begin++;
    most = Math.max(most, end - begin + 1);
  }
  return most;
}
