export { Bot, type BotDependencies, type BotSettings } from "./bot.js";
export { BotError, BotErrorCode } from "./bot-error.js";
export type { BotReport, Figures, LatencySummary, Outcome } from "./bot-report.js";
export { botSettingsFrom, createBot, type CreateBotDependencies } from "./create-bot.js";
export { type FollowedStage, followTx } from "./follow-tx.js";
export { mixOf, type PaymentKind, type PaymentMix } from "./payment-mix.js";
export { type RatePhase, sendTimes } from "./schedule.js";
export { type BotNode, type NamedNode, SeveralNodes } from "./several-nodes.js";
