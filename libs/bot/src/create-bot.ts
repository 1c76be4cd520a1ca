import { EthAddress, fromHex } from "@sprtn/primitives";
import type { PaymentWallet } from "@sprtn/ports";
import { Bot, type BotDependencies, type BotSettings } from "./bot.js";
import { BotError, BotErrorCode } from "./bot-error.js";
import { mixOf } from "./payment-mix.js";
import type { BotEnvironment } from "./settings.js";

/** Nobody has its key: funds that are withdrawn to it are lost. */
const NOBODY = EthAddress(`0x${"00".repeat(19)}01`);
/** A deposit or shield waits for L1 and a block or two. */
const SETTLE_TIMEOUT_MS = 900_000;

/** Those of a bot, with what opens the wallet that it pays with. */
export interface CreateBotDependencies extends Omit<BotDependencies, "wallet"> {
  /** Opens the bot's own wallet. */
  openWallet(keys: {
    readonly seed: Uint8Array;
    readonly accounts: number;
    readonly notesKept: number;
  }): Promise<PaymentWallet>;
}

/** @throws BotError BAD_MIX for shares beyond 1, BAD_AMOUNT for payments, top-ups or notes of nothing */
export function botSettingsFrom(environment: BotEnvironment): BotSettings {
  const {
    followStage,
    followTimeoutMs,
    maxPending,
    maxAmount,
    publicFloor,
    topUp,
    notesPerAccount,
    noteValue,
    checkMs,
  } = environment;
  const amounts = { BOT_MAX_AMOUNT: maxAmount, BOT_TOP_UP: topUp, BOT_NOTE_VALUE: noteValue };
  for (const [what, amount] of Object.entries(amounts))
    if (amount <= 0n)
      throw new BotError(BotErrorCode.BAD_AMOUNT, `${what} is ${amount}: give an amount above 0`, { what });
  return {
    schedule:
      environment.schedule.length > 0
        ? environment.schedule
        : [{ txPerSecond: environment.txPerSecond, seconds: undefined }],
    mix: mixOf({
      private: environment.privateShare,
      shield: environment.shieldShare,
      unshield: environment.unshieldShare,
      withdraw: environment.withdrawShare,
    }),
    withdrawTo: environment.withdrawTo ?? NOBODY,
    settleTimeoutMs: SETTLE_TIMEOUT_MS,
    followStage,
    followTimeoutMs,
    maxPending,
    maxAmount,
    publicFloor,
    topUp,
    notesPerAccount,
    noteValue,
    checkMs,
  };
}

const SEED_KEY = Uint8Array.of(0);

/** The seed of an earlier run on the same store, or a new one: deposits and notes are that seed's. */
async function keptSeed({ store, random }: Pick<BotDependencies, "store" | "random">): Promise<Uint8Array> {
  const known = store?.get(SEED_KEY);
  if (known !== undefined) return known;
  const seed = random.bytes(32);
  await store?.write([{ type: "put", key: SEED_KEY, value: seed }], { sync: true });
  return seed;
}

/**
 * A bot with its wallet, ready to be started.
 * @throws BotError BAD_SCHEDULE, BAD_MIX, BAD_AMOUNT; what opening the wallet throws
 */
export async function createBot(dependencies: CreateBotDependencies, environment: BotEnvironment): Promise<Bot> {
  const settings = botSettingsFrom(environment);
  const { openWallet, ...rest } = dependencies;
  const seed = environment.seed === undefined ? await keptSeed(rest) : fromHex(environment.seed.reveal());
  // Payments merge small notes as soon as there are more than are kept.
  const wallet = await openWallet({ seed, accounts: environment.accounts, notesKept: settings.notesPerAccount });
  return new Bot({ ...rest, wallet }, settings);
}
