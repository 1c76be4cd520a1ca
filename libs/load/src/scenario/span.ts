import { z } from "zod";

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|m|h|slots?|epochs?)$/;

/** A span as a scenario says it, such as `500ms`, `30s`, `5m`, `2 slots` or `1 epoch`. */
export const spanSchema = z
  .string()
  .regex(pattern, "give a span such as 500ms, 30s, 5m, 2h, 2 slots or 1 epoch")
  .meta({ description: "500ms, 30s, 5m, 2h, 2 slots, 1 epoch" });

/** How long slots and epochs of a network are. */
export interface SpanRules {
  /** s */
  readonly slotDuration: number;
  /** Slots. */
  readonly epochDuration: number;
}

/** A span, such as `30s`, `2 slots` or `1 epoch`, in ms. */
export function spanMs(span: string, { slotDuration, epochDuration }: SpanRules): number {
  const match = pattern.exec(span);
  const [, number, unit] = match as unknown as [string, string, string];
  const factor =
    unit in units
      ? units[unit as keyof typeof units]
      : unit.startsWith("slot")
        ? slotDuration * 1_000
        : slotDuration * 1_000 * epochDuration;
  return Math.round(Number(number) * factor);
}
