export { EndpointProvider, type EndpointSettings } from "./endpoints/endpoint-provider.js";
export { L1Endpoints, type L1EndpointsSettings } from "./endpoints/l1-endpoints.js";
export { type CommitteeSourceSettings, EthersCommitteeSource } from "./ethers-committee-source.js";
export { EthersRollupView, type RollupViewSettings } from "./ethers-rollup-view.js";
export { type BlockAt, L1Heads, type L1HeadsDependencies, type L1HeadsSettings } from "./heads/l1-heads.js";
export { WatchedL1Reader, type WatchedL1ReaderDependencies } from "./heads/watched-l1-reader.js";
export { type DepositRequest, L1DepositClient, type SentMessage, type WithdrawalRequest } from "./l1-deposit-client.js";
export { L1Error, L1ErrorCode, type L1ErrorPayload } from "./l1-error.js";
export { EthersL1Publisher, type L1PublisherSettings } from "./publisher/ethers-l1-publisher.js";
export type { RawReceipt } from "./publisher/raw-receipt.js";
export type { TransactionRequest } from "./publisher/transaction-request.js";
export {
  TransactionSender,
  type TransactionSenderDependencies,
  type TransactionSenderSettings,
} from "./publisher/transaction-sender.js";
export { EthersL1Reader, type L1ReaderSettings } from "./reader/ethers-l1-reader.js";
export type { RollupContracts } from "./rollup-contracts.js";
export { type KeySource, privateKeyFrom } from "./signing/private-key.js";
export { PrivateKeySigner } from "./signing/private-key-signer.js";
export { loadSecp256k1, type Secp256k1 } from "./signing/secp256k1.js";
export { Secp256k1Recovery } from "./signing/secp256k1-recovery.js";
