export { Archiver, type ArchiverDependencies } from "./archiver.js";
export { ArchiverError, ArchiverErrorCode, type ArchiverErrorPayload } from "./archiver-error.js";
export { BlockFault, BlockFaultCode } from "./block-fault.js";
export type { ArchivedDeployment } from "./chain-rules.js";
export { finalizedL1Block } from "./store/finalized-l1-block.js";
export { type BlockProposed, validateBlock, type ValidateBlockInputs } from "./validate-block.js";
