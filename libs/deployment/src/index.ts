export { assertParameters, parameterProblems } from "./assert-parameters.js";
export { checkDeployment, type ContractReader } from "./check-deployment.js";
export { deploy } from "./deploy.js";
export type { DeployDependencies, DeployRequest, Genesis } from "./deploy-request.js";
export { decodeDeploymentFile } from "./decode-deployment-file.js";
export { decodeDeployment, encodeDeployment } from "./deployment-codec.js";
export { DeploymentError, DeploymentErrorCode, type DeploymentErrorPayload } from "./deployment-error.js";
export { readDeploymentFile, readFileIfThere, writeDeploymentFile } from "./deployment-file.js";
export { costliestTx, gasTargetFor, minimumCapacity, minimumExitGrace, withDerived } from "./derived-parameters.js";
export { initialValidatorCount } from "./initial-validators.js";
export { type ContractView, L1Requests } from "./l1-requests.js";
export { type NetworkChoices, parametersOf, type Preset, type PresetName, presets, type Window } from "./presets.js";
export {
  commandDigest,
  commandSigner,
  encodeCommand,
  signCommand,
  type TeocalliCall,
  type TeocalliCommand,
  type TeocalliPlace,
} from "./teocalli-command.js";
export { choicesFrom, parametersFrom } from "./parameters-from-settings.js";
