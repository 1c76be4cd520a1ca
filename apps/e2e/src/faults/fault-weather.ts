import { faultModes, type RemoteFaultyL1 } from "@sprtn/l1-client/faulty-l1";
import { systemClock } from "@sprtn/observability/system";
import type { Random } from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";
import { draw } from "./draw.js";

/** Spells of one endpoint last from 1 to as many seconds, and so do the pauses between them. */
const LONGEST_SPELL_SECONDS = 12;

/** One endpoint's faults, drawn one after another until `signal` fires: each mode about as often as the others. */
export async function faultWeather(
  l1: RemoteFaultyL1,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal },
): Promise<Readonly<Record<string, number>>> {
  const spells: Record<string, number> = {};
  const pause = () =>
    sleep(systemClock, 1000 * (1 + draw(random, LONGEST_SPELL_SECONDS)), signal).catch(() => undefined);
  while (!signal.aborted) {
    await pause();
    const fault = faultModes[draw(random, faultModes.length)];
    if (signal.aborted || fault === undefined) break;
    await l1.setMode(fault);
    spells[fault.mode] = (spells[fault.mode] ?? 0) + 1;
    await pause();
    await l1.heal();
  }
  return spells;
}
