import { Secret } from "@sprtn/settings";
import type { CompanionBot } from "../companions.js";
import { LocalAccount, localKey } from "./accounts.js";
import type { LocalNetworkOptions } from "./network.js";

/** The network's bot. Its wallet's seed is the same every time: with a data directory it finds its funds again. */
export function localBot({ bot, wallet, settings }: LocalNetworkOptions): CompanionBot {
  const l1Key = localKey(LocalAccount.BOT);
  return { environment: { ...bot, seed: bot.seed ?? new Secret(l1Key) }, wallet, storage: settings.storage, l1Key };
}
