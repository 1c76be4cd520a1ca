export { assertTipsOrdered } from "./chain-tips.js";
export {
  committeeCommitment,
  drawCommittee,
  proposerIndex,
  proposerOf,
  quorum,
  sampleIndices,
  seedOf,
} from "./committee.js";
export { ConsensusError, ConsensusErrorCode } from "./consensus-error.js";
export { EpochCommittees, type SetSource } from "./epoch-committees.js";
export { assertFixed, lastFixedEpoch } from "./fixed-epochs.js";
export { isEpochOver, provingDeadlines, provingPhase, type ProvingPhase } from "./proving-window.js";
export {
  epochAt,
  epochEnd,
  epochOf,
  epochSeconds,
  firstSlot,
  lastSlot,
  slotAt,
  slotEnd,
  slotStart,
  type TimeParameters,
} from "./time.js";
export {
  chooseUnpublishedParent,
  type KnownTip,
  type ParentCandidate,
  type ParentChooser,
  parentReach,
  type ParentSearch,
  unpublishedParentSlots,
} from "./unpublished-parent.js";
export { type BuildRules, type BuildSituation, shouldBuild } from "./should-build.js";
export { inTime, type SlotStep, slotSteps, timetable, type Timetable, type TimetableParameters } from "./timetable.js";
