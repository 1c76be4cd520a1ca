export { type AccountKeys, deriveAccountKeys, deriveDepositSecret } from "./keys/account-keys.js";
export { GRUMPKIN_ORDER, publicPoint, sharedPoint } from "./keys/grumpkin.js";
export { decodePaymentAddress, encodePaymentAddress } from "./keys/payment-address.js";
export type { StoredNote } from "./notes/stored-note.js";
export { Wallet, type WalletDependencies, type WalletSettings, walletSettingsFrom } from "./wallet.js";
export { WalletError, WalletErrorCode, type WalletErrorPayload } from "./wallet-error.js";
export { watchTx } from "./watch-tx.js";
