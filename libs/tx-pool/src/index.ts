export { isMalformed, type Refusal, TxRefusalCode } from "./refusal.js";
export type { TxPoolSettings } from "./settings.js";
export { type PoolStage, TxPool, type TxPoolDependencies, type TxPoolOptions } from "./tx-pool.js";
export { TxPoolError, TxPoolErrorCode } from "./tx-pool-error.js";
