import { Bytes32 } from "@sprtn/primitives";
import { HDNodeWallet, Mnemonic } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** Where a key comes from; a mnemonic's accounts are m/44'/60'/0'/0/index. */
export type KeySource = { readonly privateKey: Bytes32 } | { readonly mnemonic: string; readonly index: number };

/**
 * Whether the number is a key of the curve is the signer's to check.
 * @throws BAD_KEY; the text never holds the secret
 */
export function privateKeyFrom(source: KeySource): Bytes32 {
  if ("privateKey" in source) return source.privateKey;
  const { mnemonic, index } = source;
  if (!Mnemonic.isValidMnemonic(mnemonic))
    throw new L1Error(
      L1ErrorCode.BAD_KEY,
      "not a mnemonic: give 12 to 24 words of the BIP-39 list with a valid checksum",
    );
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 31)
    throw new L1Error(L1ErrorCode.BAD_KEY, `${index} is not an account index: give a whole number below 2^31`);
  return Bytes32(HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(mnemonic), `m/44'/60'/0'/0/${index}`).privateKey);
}
