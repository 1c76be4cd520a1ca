import type { FeedState } from "@sprtn/feed";
import { short } from "./text.js";
import { epochOf, slotAt } from "./time.js";

/** What a search may mean. */
export interface Choice {
  readonly label: string;
  readonly href: string;
}

/** Addresses that the beginning of one may mean. */
const MAX_ADDRESSES = 5;

/** What a number, hash or address may mean, likeliest first; empty if it is none of them. */
export function searchChoices(query: string, state: FeedState, nowMs: number): readonly Choice[] {
  const text = query
    .trim()
    .toLowerCase()
    .replace(/^#/, "")
    .replaceAll(/[\s_,]/g, "");
  if (/^\d{1,10}$/.test(text)) return numberChoices(Number(text), state, nowMs);
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  if (/^0x[\da-f]{64}$/.test(hex)) {
    const block = state.slots.flatMap(({ blocks }) => blocks).find(({ hash }) => hash === hex);
    const tx = { label: `Transaction ${short(hex)}`, href: `#/tx/${hex}` };
    return block === undefined ? [tx] : [{ label: `Block ${block.number}`, href: `#/block/${block.number}` }];
  }
  if (/^0x[\da-f]{40}$/.test(hex)) return [validator(hex)];
  if (!/^0x[\da-f]{3,39}$/.test(hex)) return [];
  const members = new Set(state.epochs.flatMap(({ committee }) => committee));
  return [...members]
    .filter(address => address.startsWith(hex))
    .slice(0, MAX_ADDRESSES)
    .map(validator);
}

function validator(address: string): Choice {
  return { label: `Validator ${short(address)}`, href: `#/validator/${address}` };
}

function numberChoices(number: number, state: FeedState, nowMs: number): readonly Choice[] {
  const slot = slotAt(state.rules, nowMs);
  const block = { label: `Block ${number}`, href: `#/block/${number}`, there: number <= state.tips.pending };
  const all = [
    block,
    { label: `Slot ${number}`, href: `#/slot/${number}`, there: number <= slot },
    { label: `Epoch ${number}`, href: `#/epoch/${number}`, there: number <= epochOf(state.rules, slot) },
  ];
  const known = all.filter(({ there }) => there);
  return (known.length > 0 ? known : [block]).map(({ label, href }) => ({ label, href }));
}
