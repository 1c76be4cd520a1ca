export { type FaultMode, faultModes, type FaultName } from "./fault-mode.js";
export { FaultyL1 } from "./faulty-l1.js";
export { faultyL1Program, RemoteFaultyL1 } from "./remote-faulty-l1.js";
export { ServedL1, type ServedL1Settings } from "./served-l1.js";
export { type ControlRequest, type Intervention, type JsonRpcCall, JsonRpcProxy } from "./json-rpc-proxy.js";
