import type { SentinelApi } from "@sprtn/ports";
import { address, slot } from "@sprtn/protocol/json";
import * as z from "zod/mini";
import type { MethodGroup } from "./method-group.js";
import { WORK } from "./pacing/work-units.js";
import { dutyTotals, slotDuties, validatorDuty } from "./schemas/duties.js";

const number = (name: string, description: string) => ({ name, description, schema: slot });

/** `node_…`: the port SentinelApi, of nodes that watch. */
export const sentinelMethods: MethodGroup<SentinelApi> = {
  prefix: "node_",
  methods: {
    getSlotDuties: {
      summary:
        "Who proposed and attested in a slot, as this node saw it (DUTY-1); null for one that it did not watch, has " +
        "not judged yet, or remembers no longer",
      params: [number("slot", "Number of the slot")],
      result: z.nullable(slotDuties),
    },
    getDuties: {
      summary: "What a validator did of its duties in a range of slots; those not watched are left out",
      params: [
        { name: "validator", description: "Address of the validator", schema: address },
        number("from", "First slot"),
        number("to", "Last slot, at most 999 after the first"),
      ],
      result: z.array(validatorDuty).check(z.maxLength(1_000)),
      work: ([, from, to]) => Math.max(1, Math.ceil((to - from + 1) / SLOTS_A_UNIT)) * WORK.stateRead,
    },
    getDutyTotals: {
      summary: "How often each validator did what, over all slots that this node remembers (SENTINEL_HISTORY_EPOCHS)",
      params: [],
      result: z.array(dutyTotals).check(z.maxLength(100_000)),
      work: () => WORK.dutyTotals,
    },
  },
};

/** Small records, read in order. */
const SLOTS_A_UNIT = 100;
