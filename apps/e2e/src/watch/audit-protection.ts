import { openStore } from "@sprtn/storage";
import { SlashingProtection } from "@sprtn/validator";
import type { EthAddress } from "@sprtn/primitives";
import type { PayloadType } from "@sprtn/protocol";
import { Prefix } from "@sprtn/wiring";
import { assertInvariant } from "./assert-invariant.js";
import type { SeenSignature } from "./signature-log.js";

/**
 * INV-6 from the records of a stopped validator: at most one of a kind a slot, and every signature that left is among
 * them.
 * @throws INVARIANT
 */
export async function auditProtection(
  dataDirectory: string,
  signer: EthAddress,
  seen: readonly SeenSignature[],
): Promise<number> {
  const store = await openStore({ dataDirectory, cacheMb: 8 }, "validator");
  try {
    const protection = new SlashingProtection({ store }, { prefix: Uint8Array.of(Prefix.VALIDATOR) });
    let count = 0;
    for (const type of ["Proposal", "Attestation"] satisfies PayloadType[]) {
      const { records } = await protection.export(signer, type);
      const bySlot = new Map(records.map(({ slot, digest }) => [slot, digest]));
      assertInvariant("INV-6", bySlot.size === records.length, `${signer} has two ${type} records for one slot`);
      for (const { slot, digest } of seen.filter(signature => signature.signer === signer && signature.type === type)) {
        assertInvariant(
          "INV-6",
          bySlot.get(slot) === digest,
          `${signer} gossiped a ${type} of slot ${slot} with digest ${digest}, ` +
            `its record has ${bySlot.get(slot) ?? "none"}`,
        );
      }
      count += records.length;
    }
    return count;
  } finally {
    await store.close();
  }
}
