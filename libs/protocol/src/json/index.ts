export { block, chainTips, effect, gasFees, header } from "./block.js";
export { contracts, crs, deployment, parameters, proofMode } from "./deployment.js";
export {
  address,
  blockNumber,
  bytes,
  epoch,
  field,
  seconds,
  slot,
  u32,
  uint,
  unixSeconds,
  wei,
  whole,
} from "./scalars.js";
