import { type FieldHasher, messageOf } from "@sprtn/primitives";
import { decodeTx, encodeTx, MAX_TX_BYTES, type Tx } from "@sprtn/protocol";
import type { TxReceipt, TxStage } from "@sprtn/ports";
import * as z from "zod/mini";
import { RpcError } from "../rpc-error.js";
import { blockNumber, bytes, field, u32, uint } from "@sprtn/protocol/json";

/** A transaction as the hex of its wire form. Its hash is recomputed from its content. */
export function tx(hasher: FieldHasher): z.ZodMiniType<Tx> {
  const domain = z.custom<Tx>(
    value => typeof value === "object" && value !== null && "inputs" in value && "proof" in value,
    "not a transaction",
  );
  return z.codec(bytes(MAX_TX_BYTES), domain, {
    decode: (wire, context) => {
      try {
        return decodeTx(hasher, wire);
      } catch (error) {
        if (error instanceof RpcError) throw error;
        context.issues.push({ code: "custom", message: messageOf(error), input: wire.length });
        return z.NEVER;
      }
    },
    encode: encodeTx,
  });
}

const stages = [
  "executed",
  "submitted",
  "proposed",
  "attested",
  "pending",
  "proven",
  "finalized",
  "dropped",
  "unknown",
] as const satisfies readonly TxStage[];

export const receipt: z.ZodMiniType<TxReceipt> = z.object({
  txHash: field,
  stage: z.enum(stages),
  block: z.exactOptional(z.object({ number: blockNumber, hash: field, index: u32 })),
  fee: z.exactOptional(uint(128)),
  reverted: z.exactOptional(z.boolean()),
  code: z.exactOptional(z.string().check(z.maxLength(100))),
});
