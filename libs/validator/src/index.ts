export { AttestationPool, type AttestationPoolDependencies, type AttestationPoolSettings } from "./attestation-pool.js";
export {
  type Equivocation,
  Equivocations,
  type EquivocationsDependencies,
  MAX_SIGNED_IN_SLOT,
  type SignedProposal,
} from "./equivocations.js";
export { executeHere } from "./execute-here.js";
export { guardEmptyProtection } from "./guard-empty-protection.js";
export { type KeyAlarm, OwnKeyWatch, type OwnKeyWatchDependencies } from "./own-key-watch.js";
export {
  exportProtection,
  importProtection,
  type InterchangeRecord,
  type ProtectionInterchange,
} from "./protection-interchange.js";
export { ProtectedSigner, type ProtectedSignerDependencies } from "./protected-signer.js";
export { RecentProposals } from "./recent-proposals.js";
export {
  type SignedHistory,
  type SignedRecord,
  SlashingProtection,
  type SlashingProtectionDependencies,
  type SlashingProtectionSettings,
} from "./slashing-protection.js";
export { Validator, type ValidatorDependencies, type ValidatorSettings } from "./validator.js";
export {
  AttestationFault,
  ProposalFault,
  ProposalRejected,
  ValidatorError,
  ValidatorErrorCode,
} from "./validator-error.js";
export { type Parent, verifyProposal, type VerifyProposalDependencies } from "./verify-proposal.js";
