export { chooseParent, type ChooseParentDependencies, type ChosenParent } from "./choose-parent.js";
export { collectAttestations, type Collection, packQuorum } from "./collect-attestations.js";
export { checkpointRandaoIfDue, pruneIfDue } from "./keep-house.js";
export { type ProposeDependencies, type ProposeSettings } from "./propose-block.js";
export { Sequencer, type SequencerDependencies, type SequencerSettings, type SlotOutcome } from "./sequencer.js";
export { SequencerError, SequencerErrorCode } from "./sequencer-error.js";
export { type BuildRules, type BuildSituation, shouldBuild } from "./should-build.js";
