import { bigInteger, defineSettings, durationMs, integer, type SettingsOf } from "@sprtn/settings";

const margin = integer({ min: 100, max: 10_000 });
const fee = bigInteger({ min: 0n, max: 2n ** 64n - 1n });

/** Fees, lifetimes, notes and polling of a wallet; its seed is not a setting. */
export const walletSettings = defineSettings({
  publicMarginPercent: {
    env: "WALLET_PUBLIC_FEE_MARGIN_PERCENT",
    parse: margin,
    default: 300,
    description:
      "Maximum fee per gas for fees from public balances, as a percentage of the base fee, rounded up to a power " +
      "of two; only the used part is charged",
  },
  notesMarginPercent: {
    env: "WALLET_NOTES_FEE_MARGIN_PERCENT",
    parse: margin,
    default: 150,
    description: "The same for fees from notes, where the maximum is charged in full",
  },
  priorityFeePerL2Gas: {
    env: "WALLET_PRIORITY_FEE_PER_L2_GAS",
    parse: fee,
    default: 0n,
    description: "Tip for the proposer in wei per unit of L2 gas, rounded up to a power of two",
  },
  priorityFeePerDaGas: {
    env: "WALLET_PRIORITY_FEE_PER_DA_GAS",
    parse: fee,
    default: 0n,
    description: "Tip for the proposer in wei per unit of DA gas, rounded up to a power of two",
  },
  lifetimeEpochs: {
    env: "WALLET_TX_LIFETIME_EPOCHS",
    parse: integer({ min: 0, max: 1_000 }),
    default: 1,
    description:
      "Full epochs after the current one in which a transaction may still be included; this is visible to everybody",
  },
  notesKept: {
    env: "WALLET_NOTES_KEPT",
    parse: integer({ min: 1, max: 10_000 }),
    default: 16,
    description: "Number of notes above which an account's payments merge small ones",
  },
  pollMs: {
    env: "WALLET_POLL_INTERVAL",
    parse: durationMs({ min: 10 }),
    default: 1_000,
    description: "How often the node is asked for a transaction's stage",
  },
});

/** What {@link walletSettings} are read into; `walletSettingsFrom` adds seed and accounts. */
export type WalletEnvironment = SettingsOf<typeof walletSettings>;
