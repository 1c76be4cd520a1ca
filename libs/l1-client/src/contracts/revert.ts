import { Result } from "ethers";
import { L1Error, L1ErrorCode, type L1ErrorPayload } from "../l1-error.js";
import { errorInterface } from "./interfaces.js";

/** Why a contract refused. */
export interface Revert {
  /** The custom error's name, "Error" for `require` with a text, "Panic", or "unknown". */
  readonly reason: string;
  readonly args: Readonly<Record<string, string>>;
}

/** Reads the data of a revert; `null` or empty data is "unknown". */
export function revertOf(data: string | null): Revert {
  if (data === null || data.length < 10) return { reason: "unknown", args: {} };
  // What a contract reverts with, and what an endpoint makes of it, may be anything.
  const asIs = { reason: "unknown", args: { data: data.slice(0, 202) } };
  try {
    const parsed = errorInterface.parseError(data);
    if (!parsed) return asIs;
    const args = parsed.fragment.inputs.map(
      (input, index) => [input.name || String(index), shown(parsed.args[index])] as const,
    );
    return { reason: parsed.name, args: Object.fromEntries(args) };
  } catch {
    return asIs;
  }
}

/** The coded error of a revert: REVERTED, with the contract's words. */
export function revertError(revert: Revert, payload: L1ErrorPayload = {}): L1Error {
  const args = Object.entries(revert.args).map(([name, value]) => `${name} = ${value}`);
  const text = `the contract refused: ${revert.reason}${args.length > 0 ? ` (${args.join(", ")})` : ""}`;
  return new L1Error(L1ErrorCode.REVERTED, text, { ...payload, reason: revert.reason, args: revert.args });
}

function shown(value: unknown): string {
  return value instanceof Result ? `[${value.toArray().map(shown).join(", ")}]` : String(value);
}
