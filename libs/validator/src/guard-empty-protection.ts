import { type EthAddress, Slot } from "@sprtn/primitives";
import type { Logger } from "@sprtn/ports";
import type { SlashingProtection } from "./slashing-protection.js";
import { ValidatorErrorCode } from "./validator-error.js";

/**
 * SIGN-1: a record of signatures that is empty although there is data of an earlier run has been lost: the key may have
 * signed for the current slot, or for the next, which others take already. It signs for later ones only.
 * @returns whether the record was found lost
 */
export async function guardEmptyProtection(
  dependencies: { readonly protection: SlashingProtection; readonly logger: Logger },
  { key, currentSlot }: { readonly key: EthAddress; readonly currentSlot: Slot },
): Promise<boolean> {
  const { protection, logger } = dependencies;
  if (!(await protection.isEmpty())) return false;
  const watermark = Slot(currentSlot + 1);
  for (const type of ["Proposal", "Attestation"] as const)
    await protection.import(key, type, { watermark, records: [] });
  logger.warn(
    `the slashing protection record is empty, but this node has run before: ${key} will sign nothing up to slot ` +
      `${watermark}. If the record was deleted, restore it or import an export; if this node has only now become a ` +
      "validator, ignore this warning",
    { code: ValidatorErrorCode.PROTECTION_MISSING, key, watermark },
  );
  return true;
}
