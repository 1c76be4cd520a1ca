import type { Logger } from "@sprtn/ports";
import type { StorageSettings } from "@sprtn/storage/settings";
import { ValidatorErrorCode } from "@sprtn/validator";

/** Warns where what is signed is not remembered after the end of the process (SIGN-1). */
export function tellProtection(logger: Logger, { dataDirectory }: Pick<StorageSettings, "dataDirectory">): void {
  if (dataDirectory !== undefined) return;
  logger.warn(
    "the slashing protection record is kept in memory only: after a restart this validator may sign a second " +
      "block for a slot and be slashed; set DATA_DIRECTORY",
    { code: ValidatorErrorCode.PROTECTION_IN_MEMORY },
  );
}
