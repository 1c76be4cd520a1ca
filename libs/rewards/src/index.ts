export { RewardLedger, type RewardParameters } from "./reward-ledger.js";
export { splitProvenReward } from "./split-proven-reward.js";
