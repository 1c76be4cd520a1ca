import { privateKeyFromRaw } from "@libp2p/crypto/keys";
import type { Secp256k1PrivateKey } from "@libp2p/interface";
import { fromHex, isHex } from "@sprtn/primitives";
import type { KvStore, Random } from "@sprtn/ports";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

/** Where a generated identity is kept, so that peers recognise the node after a restart. */
export interface IdentityStore {
  load(): Promise<Uint8Array | undefined>;
  save(key: Uint8Array): Promise<void>;
}

const KEY = new TextEncoder().encode("p2p/identity");

/** Keeps the node's key in `store`, so that its peers know it again after a restart. */
export function kvIdentityStore(store: KvStore): IdentityStore {
  return {
    load: async () => store.get(KEY),
    save: key => store.write([{ type: "put", key: KEY, value: key }], { sync: true }),
  };
}

/** The secp256k1 key in `text`: 64 hex digits, with or without 0x. @throws BAD_KEY, which never quotes the key */
export function identityFromHex(text: string): Secp256k1PrivateKey {
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  return identityFromBytes(isHex(hex) ? fromHex(hex) : new Uint8Array());
}

/** The key that `store` keeps, or a new one, which it then keeps. @throws BAD_KEY if what is kept is not a key */
export async function loadOrCreateIdentity(
  random: Random,
  store: IdentityStore | undefined,
): Promise<Secp256k1PrivateKey> {
  const kept = await store?.load();
  if (kept) return identityFromBytes(kept);
  const key = identityFromBytes(random.bytes(32));
  await store?.save(key.raw);
  return key;
}

function identityFromBytes(bytes: Uint8Array): Secp256k1PrivateKey {
  try {
    const key = privateKeyFromRaw(bytes);
    if (key.type === "secp256k1") return key;
  } catch {
    // Told below, without the bytes.
  }
  throw new P2pError(
    P2pErrorCode.BAD_KEY,
    "PEER_ID_PRIVATE_KEY, or the key kept in the data directory, is not a secp256k1 key: give 64 hex " +
      "digits, or remove it to get a new identity",
    {},
  );
}
