export { chooseParent, type ChooseParentDependencies, type ChosenParent } from "./choose-parent.js";
export { collectAttestations, type Collection, packQuorum } from "./collect-attestations.js";
export { checkpointRandaoIfDue, pruneIfDue } from "./keep-house.js";
export { type ProposeDependencies, type ProposeSettings } from "./propose-block.js";
export { type EmptyReason, OwnSlots, type OwnSlotsDependencies, type SlotOutcome } from "./own-slots.js";
export { Sequencer, type SequencerDependencies, type SequencerSettings } from "./sequencer.js";
export { SequencerError, SequencerErrorCode } from "./sequencer-error.js";
export { type BuildRules, type BuildSituation, shouldBuild } from "./should-build.js";
