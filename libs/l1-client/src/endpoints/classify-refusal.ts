/** What a pool's refusal of a transaction amounts to. */
export type Refusal =
  /** The pool has it, or a block. */
  | "known"
  /** Its nonce is used. */
  | "nonce-used"
  /** Another transaction with this nonce offers more, or the fee is below the pool's least. */
  | "underpriced"
  /** The balance does not cover it. */
  | "insufficient-funds"
  /** No other fee or nonce would help. */
  | "refused";

/** In the order in which they are tried. Clients agree neither on codes nor on words. */
const texts: readonly (readonly [Refusal, RegExp])[] = [
  ["known", /already ?(known|imported|exists)|\bknown transaction|same hash was already/i],
  ["nonce-used", /nonce.{0,40}(too low|already used)|old ?nonce/i],
  ["underpriced", /underpriced|fee ?too ?low|replacement ?not ?allowed|below configured minimum gas price/i],
  ["underpriced", /less than block base fee|gas price is too low/i],
  ["insufficient-funds", /insufficient ?funds|upfront cost exceeds/i],
];

/**
 * Classifies the text of an error that a node answered `eth_sendRawTransaction` with: the sibling of classifyAnswer.
 */
export function classifyRefusal(text: string): Refusal {
  return texts.find(([, words]) => words.test(text))?.[0] ?? "refused";
}
