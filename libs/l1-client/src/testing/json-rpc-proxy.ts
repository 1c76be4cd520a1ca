export { JsonRpcProxy } from "../faulty-l1/json-rpc-proxy.js";
