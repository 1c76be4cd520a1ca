export type { FeedChange, FeedEvent } from "./feed-event.js";
export {
  type BlockRow,
  type EpochRow,
  FEED_VERSION,
  type FeedState,
  type FeesRow,
  type HealthRow,
  KEPT_SLOTS,
  type MachineRow,
  type NetworkRules,
  type NodeIdentity,
  type OwnSlotRow,
  type PeersRow,
  type PoolRow,
  type ProofsRow,
  type SlotRow,
  type StepRow,
  type TipsRow,
} from "./feed-state.js";
export { initialState } from "./initial-state.js";
export { reduce } from "./reduce.js";
