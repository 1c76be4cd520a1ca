export type { Clock, Random, Service } from "@sprtn/runtime";
export type { Activity, ActivityJournal, ActivitySource, RecordedActivity } from "./activity-journal.js";
export type { FeedFrame, FeedReader } from "./feed-reader.js";
export type { FeedSource, FeedText } from "./feed-source.js";
export type { Gossip, GossipHandler, GossipMessage, Topic, ValidationResult } from "./gossip.js";
export type { KvOperation, KvRange, KvStore } from "./kv-store.js";
export type { LogFields, Logger } from "./logger.js";
export type { Counter, Gauge, Histogram, HistogramOptions, Meter, MetricOptions } from "./meter.js";
export type { PageFile, PageSource } from "./page-source.js";
export type { RecordRange, RecordStore, Repository, RepositoryOptions } from "./record-store.js";
export type { PeerRequest, RequestHandler, RequestProtocol, RequestResponse } from "./request-response.js";
export type {
  AttestationDuty,
  DutyTotals,
  ProposalDuty,
  SentinelApi,
  SlotDuties,
  ValidatorDuty,
} from "./sentinel-api.js";
export type { SignatureRecovery, Signer } from "./signer.js";
export type { BlockSource, ChainEvent, MinedTx } from "./block-source.js";
export type { BlockExecutor, ExecutedBlock, ExecutionGround } from "./block-executor.js";
export type { ChainFollower, ChainTrouble } from "./chain-follower.js";
export type { CommitteeSource } from "./committee-source.js";
export type { L1Block, L1BlockRef, L1ChainState, L1Event, L1Position } from "./l1-events.js";
export type { BlockSubmission, L1Publisher, L1Receipt, ProofSubmission } from "./l1-publisher.js";
export type { L1Away, L1Changed, L1Reader } from "./l1-reader.js";
export type { L1Time } from "./l1-time.js";
export type { CircuitName } from "@sprtn/protocol";
export type { Proof, ProofBackend } from "./proof-backend.js";
export type { RollupView } from "./rollup-view.js";
export type { TxDecoder } from "./tx-decoder.js";
export type { Admission, LeftOut, TxSource } from "./tx-source.js";
export type { MayHaveRun, MembershipWitness, NodeApi, NodeInfo, PeerInfo, TxReceipt, TxStage } from "./node-api.js";
export type { StateView, StateViews } from "./state-view.js";
export type { BlockRejection, BlockToApply, StateStore } from "./state-store.js";
export type { StateForks } from "./state-forks.js";
export type { AttestationSource, BlockSigner } from "./block-signer.js";
export type { ExecutedProposal, ProposalSource } from "./proposal-source.js";
export type { FundingMessage, FundingRequest, L1Funding } from "./l1-funding.js";
export type {
  AccountIndex,
  AnchorPolicy,
  FeeSource,
  Payment,
  PaymentAddress,
  PaymentWallet,
  PreparedPayment,
  PreparingWallet,
  WalletAccount,
  WalletBalance,
} from "./payment-wallet.js";
export type { EpochProgress, EpochProofSource } from "./epoch-proof-source.js";
export type { JobOutcome, JobSource, JobTrouble, LeasedJob, ProofJob, ProofQueue, QueueStatus } from "./proof-queue.js";
export type { BlockToProve, EpochSession, ProverClient } from "./prover-client.js";
