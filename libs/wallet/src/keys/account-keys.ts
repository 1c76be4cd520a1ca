import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Field, FIELD_MODULUS, type FieldHasher } from "@sprtn/primitives";
import type { PaymentAddress, WalletAccount } from "@sprtn/ports";
import { deriveAddress, deriveNpk, type GrumpkinPoint } from "@sprtn/protocol";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { GRUMPKIN_ORDER, publicPoint } from "./grumpkin.js";
import { wideUint } from "./wide-uint.js";

/** All keys of one account. `nsk` spends, `ivk` reads. */
export interface AccountKeys extends WalletAccount {
  readonly nsk: Field;
  readonly npk: Field;
  /** Scalar on Grumpkin. */
  readonly ivk: bigint;
  readonly viewingKey: GrumpkinPoint;
  readonly paymentAddress: PaymentAddress;
}

/** Shorter seeds can be guessed. */
const MIN_SEED_BYTES = 16;
const text = new TextEncoder();
const salt = text.encode("sprtn wallet 1");

/** 64 bytes for a purpose: HKDF-SHA512 of the seed. */
function derive(seed: Uint8Array, purpose: string): bigint {
  return wideUint(hkdf(sha512, seed, salt, text.encode(purpose), 64));
}

/** The keys of account `index`, always the same for a seed. @throws WalletError BAD_SEED below 16 bytes */
export function deriveAccountKeys(hasher: FieldHasher, seed: Uint8Array, index: number): AccountKeys {
  checkSeed(seed);
  const nsk = (derive(seed, `nsk/${index}`) % FIELD_MODULUS) as Field;
  const ivk = (derive(seed, `ivk/${index}`) % (GRUMPKIN_ORDER - 1n)) + 1n;
  const npk = deriveNpk(hasher, nsk);
  const viewingKey = publicPoint(ivk);
  return {
    index,
    nsk,
    npk,
    ivk,
    viewingKey,
    address: deriveAddress(hasher, npk, viewingKey),
    paymentAddress: { npk, viewingKey },
  };
}

/** The secret of the wallet's `index`-th deposit: recoverable from the seed. */
export function deriveDepositSecret(seed: Uint8Array, index: number): Field {
  checkSeed(seed);
  return (derive(seed, `deposit/${index}`) % FIELD_MODULUS) as Field;
}

function checkSeed(seed: Uint8Array): void {
  if (seed.length < MIN_SEED_BYTES)
    throw new WalletError(
      WalletErrorCode.BAD_SEED,
      `the seed has ${seed.length} bytes: give at least ${MIN_SEED_BYTES} random bytes`,
    );
}
