export { exitCodeOf } from "./exit.js";
export type { MachineFacts, OperatorHost, OperatorProgram, RpcCall } from "./host/operator-host.js";
export { systemOperatorHost } from "./host/system-operator-host.js";
export { type Installation, VOLUME } from "./installation/installation.js";
export { type NetworkFacts, networkFacts } from "./installation/network-facts.js";
export { openKey, type OpenedKey } from "./installation/private-key.js";
export { envPath, type InstalledNode, readVariables, requireInstalled } from "./installation/read-installation.js";
export {
  type Mode,
  modes,
  type NodeProgram,
  type Role,
  roles,
  type RoleTraits,
  traitsOf,
} from "./installation/role.js";
export type { InstalledPrograms } from "./installation/unit-text.js";
export { OperatorError, OperatorErrorCode, type OperatorErrorPayload } from "./operator-error.js";
export { type L1Account, type L1AccountOptions, type L1Call, openL1Account } from "./l1/l1-account.js";
export { contractOf, type L1Place, l1PlaceOf } from "./l1/l1-place.js";
export type { RegisteredValidator, ValidatorState } from "./l1/validator-state.js";
export { formatEther } from "./verbs/ether.js";
export { importKey, type KeptKey, listKeys, newKey } from "./verbs/keys.js";
export { type CommandFile, decodeCommandFile, encodeCommandFile } from "./teocalli/command-file.js";
export {
  commandReport,
  type CommandReport,
  describeCommand,
  executeCommand,
  type ProposedCalls,
  proposeCommand,
  signCommandFile,
} from "./verbs/teocalli.js";
export { claim, type RewardsReport, rewardsOf } from "./verbs/rewards.js";
export { exit, planStake, stake, type ValidatorReport, validatorStatus, withdraw } from "./verbs/validator.js";
export { logPath, type RunRecord, type RunState } from "./supervise/run-record.js";
export { runSupervisor, type SupervisorOptions } from "./supervise/run-supervisor.js";
export { config, type ConfigFile, type ConfigOptions, type ConfigResult } from "./verbs/config.js";
export { checkNames, doctor, type DoctorOptions, type DoctorReport, doctorText } from "./verbs/doctor.js";
export type { Finding } from "./doctor/check.js";
export type { Duties, NextDuties } from "./verbs/duties.js";
export { logs, type LogsOptions } from "./verbs/logs.js";
export type { Readiness } from "./verbs/readiness.js";
export { assertStopped, start, type StartOptions, type StartResult } from "./verbs/start.js";
export { type NodeReport, status } from "./verbs/status.js";
export { statusJson, statusText } from "./verbs/status-text.js";
export { stop, type StopOptions, type StopResult } from "./verbs/stop.js";
