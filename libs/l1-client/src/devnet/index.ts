export { anvilBinary } from "./anvil-binary.js";
export type { AnvilExit } from "./anvil-process.js";
export { DEVNET_CHAIN_ID, DEVNET_MNEMONIC, type DevnetOptions } from "./devnet-options.js";
export { DevnetControl } from "./devnet-control.js";
export { Devnet } from "./devnet.js";
export { minedReceipt } from "./mined-receipt.js";
export { startDevnet } from "./start-devnet.js";
