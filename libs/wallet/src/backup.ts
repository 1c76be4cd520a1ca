import { gcm } from "@noble/ciphers/aes.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { fromHex, isHex, toHex } from "@sprtn/primitives";
import type { Random } from "@sprtn/ports";
import type { ScanState } from "./scan/scan-state.js";
import { decodeState, encodeState } from "./scan/state-codec.js";
import { WalletError, WalletErrorCode } from "./wallet-error.js";

/** What a backup keeps: the keys, by their seed, and what was learnt of the chain. */
export interface BackupContent {
  readonly seed: Uint8Array;
  readonly state: ScanState;
}

const FORMAT = "sprtn-wallet-backup";
const VERSION = 1;
/** Interactive scrypt: 32 MiB, about 0.1 s. */
const KDF = { n: 2 ** 15, r: 8, p: 1 };
/** A file that asks for more is not a backup of ours, and would only burn memory. */
const MAX_KDF_N = 2 ** 20;

interface Envelope {
  readonly format: string;
  readonly version: number;
  readonly kdf: {
    readonly name: string;
    readonly n: number;
    readonly r: number;
    readonly p: number;
    readonly salt: string;
  };
  readonly cipher: { readonly name: string; readonly nonce: string };
  readonly data: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON text, its content encrypted with AES-256-GCM under scrypt of the passphrase. */
export async function sealBackup(content: BackupContent, passphrase: string, random: Random): Promise<string> {
  const [salt, nonce] = [random.bytes(32), random.bytes(12)];
  const kdf = { name: "scrypt", ...KDF, salt: toHex(salt) };
  const key = await deriveKey(passphrase, kdf, salt);
  const plain = encoder.encode(encodeState({ seed: toHex(content.seed), state: content.state }));
  const envelope: Envelope = {
    format: FORMAT,
    version: VERSION,
    kdf,
    cipher: { name: "aes-256-gcm", nonce: toHex(nonce) },
    data: toHex(gcm(key, nonce, associatedData()).encrypt(plain)),
  };
  return JSON.stringify(envelope, null, 2);
}

/** @throws WalletError BACKUP_MALFORMED, BACKUP_VERSION, BACKUP_PASSPHRASE (also for an altered file) */
export async function openBackup(text: string, passphrase: string): Promise<BackupContent> {
  const envelope = readEnvelope(text);
  const key = await deriveKey(passphrase, envelope.kdf, fromHex(envelope.kdf.salt));
  const plain = (() => {
    try {
      return gcm(key, fromHex(envelope.cipher.nonce), associatedData()).decrypt(fromHex(envelope.data));
    } catch (error) {
      throw new WalletError(
        WalletErrorCode.BACKUP_PASSPHRASE,
        "the backup cannot be decrypted: the passphrase is wrong, or the file was modified",
        {},
        { cause: error },
      );
    }
  })();
  const content = decodeState<{ seed: string; state: ScanState }>(decoder.decode(plain));
  return { seed: fromHex(content.seed), state: content.state };
}

function readEnvelope(text: string): Envelope {
  const envelope = (() => {
    try {
      return JSON.parse(text) as Partial<Envelope> | null;
    } catch (error) {
      throw malformed("it is no JSON", error);
    }
  })();
  if (envelope?.format !== FORMAT) throw malformed(`its format is not ${FORMAT}`);
  if (envelope.version !== VERSION)
    throw new WalletError(
      WalletErrorCode.BACKUP_VERSION,
      `the backup has version ${envelope.version}, but this wallet reads version ${VERSION}: use the wallet that ` +
        "wrote it",
    );
  const { kdf, cipher, data } = envelope;
  if (kdf?.name !== "scrypt" || cipher?.name !== "aes-256-gcm")
    throw malformed("its key derivation or cipher is unknown");
  if (
    ![kdf.n, kdf.r, kdf.p].every(Number.isInteger) ||
    kdf.n > MAX_KDF_N ||
    kdf.n < 2 ||
    kdf.r > 32 ||
    kdf.r < 1 ||
    kdf.p > 16 ||
    kdf.p < 1
  )
    throw malformed("its scrypt parameters are out of range");
  if (![kdf.salt, cipher.nonce, data].every(value => typeof value === "string" && isHex(value)))
    throw malformed("a part of it is not hex");
  return envelope as Envelope;
}

function deriveKey(passphrase: string, { n, r, p }: Envelope["kdf"], salt: Uint8Array): Promise<Uint8Array> {
  return scryptAsync(passphrase.normalize("NFKC"), salt, { N: n, r, p, dkLen: 32 });
}

function associatedData(): Uint8Array {
  return encoder.encode(`${FORMAT}/${VERSION}`);
}

function malformed(what: string, cause?: unknown): WalletError {
  return new WalletError(WalletErrorCode.BACKUP_MALFORMED, `not a wallet backup: ${what}`, { what }, { cause });
}
