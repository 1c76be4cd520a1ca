import {
  addressToField,
  concatBytes,
  type EthAddress,
  type Field,
  fieldToBytes,
  sha256ToField,
  uintToBytes,
} from "@sprtn/primitives";
import { type BlockHeader, encodeHeader } from "./header.js";

/** What binds every hash of a deployment to it. */
export interface ChainIdentity {
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  /** The FeePortal's address: where withdrawals are paid out. */
  readonly feePortal: EthAddress;
}

/** `accumulator(0)`: binds a chain of headers to its deployment and genesis. */
export function genesisAccumulator(
  identity: Pick<ChainIdentity, "chainId" | "rollupVersion">,
  genesis: BlockHeader,
): Field {
  return sha256ToField(
    concatBytes(uintToBytes(identity.chainId, 32), uintToBytes(identity.rollupVersion, 32), encodeHeader(genesis)),
  );
}

/** `accumulator(n)` from `accumulator(n − 1)`: the one field by which an epoch's proof binds every header. */
export function nextAccumulator(previous: Field, headerHash: Field): Field {
  return sha256ToField(concatBytes(fieldToBytes(previous), fieldToBytes(headerHash)));
}

/** What the circuits know of the deployment, as one field. */
export function domainOf(identity: ChainIdentity): Field {
  return sha256ToField(
    concatBytes(
      uintToBytes(identity.chainId, 32),
      uintToBytes(identity.rollupVersion, 32),
      fieldToBytes(addressToField(identity.feePortal)),
    ),
  );
}
