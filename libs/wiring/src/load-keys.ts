import { privateKeyFrom } from "@sprtn/l1-client";
import type { L1PublisherSettings } from "@sprtn/l1-client/settings";
import type { Bytes32 } from "@sprtn/primitives";

/** The key of SEQ_PUBLISHER_PRIVATE_KEY, or of MNEMONIC; `undefined` if neither is given. */
export function publisherKey({ privateKey, mnemonic, mnemonicIndex }: L1PublisherSettings): Bytes32 | undefined {
  if (privateKey !== undefined) return privateKeyFrom({ privateKey: privateKey.reveal() });
  return mnemonic === undefined ? undefined : privateKeyFrom({ mnemonic: mnemonic.reveal(), index: mnemonicIndex });
}
