import { type Bytes32, concatBytes, type Field, type FieldHasher, fromHex, keccak256 } from "@sprtn/primitives";
import { deriveAccountKeys } from "@sprtn/wallet";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/**
 * Where a validator's tips go unless told: the first account of the wallet whose seed is
 * `keccak256("sprtn.validator-wallet" ‖ key)`, so that its operator can spend them.
 * @throws WiringError KEY_MISSING for a key that only its signer knows
 */
export function feeRecipientOf(hasher: FieldHasher, validatorKey: Bytes32 | undefined): Field {
  if (validatorKey === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "no fee recipient is set, and no wallet can be derived from a custom signer: give FEE_RECIPIENT",
    );
  const seed = keccak256(concatBytes(new TextEncoder().encode("sprtn.validator-wallet"), fromHex(validatorKey)));
  return deriveAccountKeys(hasher, fromHex(seed), 0).address;
}
