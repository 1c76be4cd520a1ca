export { bringUp, type UpOptions, type UpResult } from "./local/bring-up.js";
export { requireRecord, takeDown, type DownOptions, type DownResult } from "./local/take-down.js";
export { ProcessFaults, type ProcessFaultTimes } from "./faults/process-faults.js";
export type { NetworkRecord, ProcessRecord } from "./local/network-file.js";
export { workspaceHost } from "./host/workspace-host.js";
export type { AskedNode, NetworkHost, Readiness } from "./host/network-host.js";
export { shellWord } from "./shell-word.js";
export { NetworkError, NetworkErrorCode, type NetworkErrorPayload } from "./network-error.js";
export { parameterNotices, parameterProblems } from "./plan/check-parameters.js";
export {
  type Cluster,
  type GivenParameters,
  type NetworkParameters,
  parametersFrom,
  type Proving,
} from "./plan/network-parameters.js";
export { type NetworkPlan, planNetwork, type PlanSurroundings } from "./plan/network-plan.js";
export type { PlannedProcess, ProcessRole, ProgramName, SecretName } from "./plan/planned-process.js";
export { type NetworkStatus, networkStatus, type NodeStatus } from "./status/network-status.js";
export { statusJson, statusTable } from "./status/status-table.js";
export { type LogsOptions, networkLogs } from "./logs/network-logs.js";
export { composeFile, renderCompose, type RenderOptions } from "./render/render-compose.js";
export { renderKubernetes } from "./render/render-kubernetes.js";
export type { RenderedFile } from "./render/rendered-files.js";
export { writeRendered } from "./render/write-rendered.js";
