import type { NetworkRules } from "@sprtn/feed";

/** When a slot begins, ms since 1970. */
export function slotStartMs(rules: NetworkRules, slot: number): number {
  return (rules.genesisTime + slot * rules.slotDuration) * 1000;
}

/** The slot at a moment; negative before genesis. */
export function slotAt(rules: NetworkRules, nowMs: number): number {
  return Math.floor((nowMs / 1000 - rules.genesisTime) / rules.slotDuration);
}

/** The epoch that a slot belongs to. */
export function epochOf(rules: NetworkRules, slot: number): number {
  return Math.floor(slot / rules.epochDuration);
}

/** An epoch's first and last slot. */
export function slotsOfEpoch(rules: NetworkRules, epoch: number): readonly [first: number, last: number] {
  return [epoch * rules.epochDuration, (epoch + 1) * rules.epochDuration - 1];
}

/** Until when an epoch's coordinator (`first`) and then anyone (`last`) may prove it, ms since 1970. */
export function proofDeadlines(rules: NetworkRules, epoch: number): { readonly first: number; readonly last: number } {
  const end = slotStartMs(rules, (epoch + 1) * rules.epochDuration);
  const first = end + rules.proofWindow * 1000;
  return { first, last: first + rules.challengeWindow * 1000 };
}
