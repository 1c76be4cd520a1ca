import { WalletError, WalletErrorCode } from "../wallet-error.js";
import type { StoredNote } from "./stored-note.js";

export interface NoteChoice {
  /** Wei to cover. */
  readonly needed: bigint;
  /** Unspent notes that no transaction in flight spends. */
  readonly free: readonly StoredNote[];
  /** Wei in unspent notes that transactions in flight spend. */
  readonly inFlight: bigint;
  /**
   * With more free notes than this, a payment that needs one takes the smallest other one along: the count stays
   * bounded, and two inputs say less than one.
   */
  readonly keepAtMost: number;
}

const sum = (notes: readonly StoredNote[]): bigint => notes.reduce((total, note) => total + note.value, 0n);

/**
 * One or two notes that cover `needed`: the smallest single one, or else the pair with the smallest sum; `undefined` if
 * there are none.
 */
export function findNotes({
  needed,
  free,
  keepAtMost,
}: Omit<NoteChoice, "inFlight">): readonly StoredNote[] | undefined {
  const ascending = [...free].sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  const single = ascending.find(note => note.value >= needed);
  if (single === undefined) return smallestPair(ascending, needed);
  const smallest = ascending.find(note => note !== single);
  return ascending.length > keepAtMost && smallest !== undefined ? [single, smallest] : [single];
}

/**
 * The notes of {@link findNotes}.
 * @throws WalletError INSUFFICIENT_NOTES, NOTES_IN_FLIGHT, NOTES_FRAGMENTED
 */
export function selectNotes({ inFlight, ...choice }: NoteChoice): readonly StoredNote[] {
  const found = findNotes(choice);
  if (found !== undefined) return found;
  const { needed, free } = choice;
  const available = sum(free);
  if (available >= needed)
    throw new WalletError(
      WalletErrorCode.NOTES_FRAGMENTED,
      `the notes hold ${needed} wei, but it takes more than two of them: consolidate first`,
      { needed, available },
    );
  if (available + inFlight >= needed)
    throw new WalletError(
      WalletErrorCode.NOTES_IN_FLIGHT,
      `the notes hold ${needed} wei, but some are reserved by transactions in flight: wait for those`,
      { needed, available },
    );
  throw new WalletError(
    WalletErrorCode.INSUFFICIENT_NOTES,
    `the notes hold ${available + inFlight} wei, but ${needed} are needed: shield more`,
    { needed, available },
  );
}

/** Two pointers over ascending values. */
function smallestPair(ascending: readonly StoredNote[], needed: bigint): readonly [StoredNote, StoredNote] | undefined {
  let best: readonly [StoredNote, StoredNote] | undefined;
  for (let low = 0, high = ascending.length - 1; low < high;) {
    const pair = [ascending[low] as StoredNote, ascending[high] as StoredNote] as const;
    if (sum(pair) < needed) {
      low += 1;
      continue;
    }
    if (best === undefined || sum(pair) < sum(best)) best = pair;
    high -= 1;
  }
  return best;
}
