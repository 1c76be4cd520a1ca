export { judgeSlot, type ObservedSlot } from "./judge-slot.js";
export { Sentinel, type SentinelDependencies, type SentinelOptions } from "./sentinel.js";
export { SentinelError, SentinelErrorCode } from "./sentinel-error.js";
