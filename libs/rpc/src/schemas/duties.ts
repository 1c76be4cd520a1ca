import type { DutyTotals, SlotDuties, ValidatorDuty } from "@sprtn/ports";
import { address, slot, whole } from "@sprtn/protocol/json";
import * as z from "zod/mini";

const proposalDuty = z.enum(["proposed", "late", "missed", "idle", "unknown"]);
const attestationDuty = z.enum(["attested", "missed", "none", "unknown"]);
const count = whole(Number.MAX_SAFE_INTEGER);

export const slotDuties: z.ZodMiniType<SlotDuties> = z.object({
  slot,
  proposer: z.nullable(address),
  proposal: proposalDuty,
  attestations: z.array(z.object({ validator: address, duty: attestationDuty })).check(z.maxLength(1_000)),
});

export const validatorDuty: z.ZodMiniType<ValidatorDuty> = z.object({
  slot,
  proposal: z.nullable(proposalDuty),
  attestation: attestationDuty,
});

export const dutyTotals: z.ZodMiniType<DutyTotals> = z.object({
  validator: address,
  proposals: z.object({ proposed: count, late: count, missed: count, idle: count, unknown: count }),
  attestations: z.object({ attested: count, missed: count, none: count, unknown: count }),
});
