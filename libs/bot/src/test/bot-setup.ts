import { EthAddress } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { type FakeKvStore, MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { Bot, type BotSettings } from "../bot.js";
import { mixOf } from "../payment-mix.js";
import { FakePaymentWallet } from "./fake-payment-wallet.js";

/** What accounts of the fake wallet begin with. */
export type FakeWalletSettings = NonNullable<ConstructorParameters<typeof FakePaymentWallet>[1]>;

/** Payments from public balance to public balance. */
const PUBLIC_ONLY = mixOf({ private: 0, shield: 0, unshield: 0, withdraw: 0 });
/** Ten payments in ten seconds. */
export const settings: BotSettings = {
  schedule: [{ txPerSecond: 1, seconds: 10 }],
  mix: PUBLIC_ONLY,
  followStage: "pending",
  followTimeoutMs: 30_000,
  maxPending: 100,
  maxAmount: 10n,
  withdrawTo: EthAddress(`0x${"11".repeat(20)}`),
  publicFloor: 1_000n,
  topUp: 50_000n,
  notesPerAccount: 4,
  noteValue: 1_000n,
  settleTimeoutMs: 60_000,
  checkMs: 1_000,
};

/** Totals before anything has happened. */
export const none = {
  due: 0,
  sent: 0,
  skipped: 0,
  unmade: 0,
  reached: 0,
  reverted: 0,
  refused: 0,
  dropped: 0,
  lost: 0,
  open: 0,
};

/** A bot with everything around it. */
export function setup(change: Partial<BotSettings> = {}, wallet: FakeWalletSettings = {}, store?: FakeKvStore) {
  const clock = new ManualClock();
  const fake = new FakePaymentWallet(clock, wallet);
  const [logger, meter] = [new MemoryLogger(), new RecordingMeter()];
  const bot = new Bot(
    { wallet: fake, funding: fake, clock, random: new SeededRandom(1), logger, meter, store },
    { ...settings, ...change },
  );
  return { clock, fake, logger, meter, bot };
}

/** Accounts that need no deposit. */
export const rich = { public: 10n ** 6n };
