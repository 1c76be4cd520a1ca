import type { Field, FieldHasher } from "@sprtn/primitives";
import type { PaymentAddress, Random } from "@sprtn/ports";
import { encryptNote, type Note } from "@sprtn/protocol";
import { GRUMPKIN_ORDER, publicPoint, randomScalar, sharedPoint } from "../keys/grumpkin.js";

/**
 * The three fields that tell a recipient of his note: the ephemeral key's x (its y being even) and the ciphertext.
 * @throws WalletError BAD_ADDRESS
 */
export function encryptOutput(
  dependencies: { readonly hasher: FieldHasher; readonly random: Random },
  to: PaymentAddress,
  note: Pick<Note, "value" | "randomness">,
): readonly [Field, Field, Field] {
  const drawn = randomScalar(dependencies.random);
  const point = publicPoint(drawn);
  const scalar = (point.y & 1n) === 0n ? drawn : GRUMPKIN_ORDER - drawn;
  return [point.x, ...encryptNote(dependencies.hasher, sharedPoint(scalar, to.viewingKey), note)];
}
