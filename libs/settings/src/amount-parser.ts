import { Wei } from "@sprtn/primitives";
import type { Parser } from "./parser.js";

const decimalsOf = new Map([
  ["wei", 0],
  ["gwei", 9],
  ["ether", 18],
  ["eth", 18],
  ["azt", 18],
]);

/** An amount of ether or of AZT: `1.5 ether`, `20gwei`, or a whole number of wei. */
export const wei: Parser<Wei> = {
  expected: "an amount such as 1.5 ether, 20 gwei, 1000 azt, or a whole number of wei",
  read(value) {
    const match = /^(\d+)(?:\.(\d+))?\s*([a-z]*)$/.exec(value.toLowerCase());
    if (!match) return undefined;
    const [, whole = "", fraction = "", unit = ""] = match;
    const decimals = decimalsOf.get(unit === "" ? "wei" : unit);
    if (decimals === undefined || fraction.length > decimals) return undefined;
    const amount = BigInt(whole + fraction.padEnd(decimals, "0"));
    return amount >> 256n === 0n ? Wei(amount) : undefined;
  },
  format: amount => formatAmount(amount),
};

/** As {@link wei}, for an amount that must not be 0. */
export const positiveWei: Parser<Wei> = {
  ...wei,
  expected: `${wei.expected}, more than 0`,
  read: value => wei.read(value) || undefined,
};

/** In the largest unit that needs no more than six digits after the point: "1.5 ether", "20 gwei", "7 wei". */
function formatAmount(amount: bigint): string {
  for (const [unit, decimals] of [
    ["ether", 18],
    ["gwei", 9],
  ] as const) {
    const step = 10n ** BigInt(decimals - 6);
    if (amount === 0n || amount % step !== 0n) continue;
    const millionths = (amount / step).toString().padStart(7, "0");
    const fraction = millionths.slice(-6).replace(/0+$/, "");
    return `${millionths.slice(0, -6)}${fraction && `.${fraction}`} ${unit}`;
  }
  return `${amount} wei`;
}
