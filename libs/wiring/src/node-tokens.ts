import type { Archiver } from "@sprtn/archiver";
import type { EpochCommittees } from "@sprtn/consensus";
import type { L1Endpoints, L1Heads, RollupContracts } from "@sprtn/l1-client";
import type { NodeService } from "@sprtn/node-service";
import type {
  BlockSigner,
  CommitteeSource,
  EpochProofSource,
  Gossip,
  JobSource,
  L1Publisher,
  L1Reader,
  Logger,
  Meter,
  ProofBackend,
  ProofQueue,
  RequestResponse,
  RollupView,
  Service,
  SignatureRecovery,
} from "@sprtn/ports";
import type { ProverNode } from "@sprtn/prover";
import type { FieldHasher } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import type { Clock, Random } from "@sprtn/runtime";
import type { KeyTree } from "@sprtn/state-transition/circuits";
import type { TxPool } from "@sprtn/tx-pool";
import type {
  AttestationPool,
  Equivocations,
  OwnKeyWatch,
  RecentProposals,
  SlashingProtection,
  Validator,
} from "@sprtn/validator";
import type { EpochDuties, Sequencer, SetMembership } from "@sprtn/sequencer";
import type { WorldState } from "@sprtn/world-state";
import type { L1Senders } from "./l1-senders.js";
import { token } from "./tokens.js";

/** Every part of a node, by name. A node's container is a child of its process's. */
export const parts = {
  clock: token<Clock>("clock"),
  random: token<Random>("random"),
  hasher: token<FieldHasher>("hasher"),
  recovery: token<SignatureRecovery>("recovery"),
  logger: token<Logger>("logger"),
  meter: token<Meter>("meter"),
  deployment: token<Deployment>("deployment"),
  contracts: token<RollupContracts>("contracts"),
  endpoints: token<L1Endpoints>("endpoints"),
  heads: token<L1Heads>("heads"),
  l1: token<L1Reader>("l1"),
  rollup: token<RollupView>("rollup"),
  committeeSource: token<CommitteeSource>("committeeSource"),
  committees: token<EpochCommittees>("committees"),
  /** For queries from outside: what they ask for never displaces what the node's own duties need. */
  askedCommittees: token<EpochCommittees>("askedCommittees"),
  worldState: token<WorldState>("worldState"),
  archiver: token<Archiver>("archiver"),
  gossip: token<Gossip>("gossip"),
  requests: token<RequestResponse>("requests"),
  proofs: token<ProofBackend>("proofs"),
  keys: token<KeyTree>("keys"),
  txPool: token<TxPool>("txPool"),
  proposals: token<RecentProposals>("proposals"),
  equivocations: token<Equivocations>("equivocations"),
  attestations: token<AttestationPool>("attestations"),
  protection: token<SlashingProtection>("protection"),
  ownKeyWatch: token<OwnKeyWatch>("ownKeyWatch"),
  blockSigner: token<BlockSigner>("blockSigner"),
  validator: token<Validator>("validator"),
  senders: token<L1Senders>("senders"),
  publisher: token<L1Publisher>("publisher"),
  sequencer: token<Sequencer>("sequencer"),
  epochDuties: token<EpochDuties>("epochDuties"),
  membership: token<SetMembership>("membership"),
  queue: token<ProofQueue & JobSource>("queue"),
  proverNode: token<ProverNode>("proverNode"),
  epochProofs: token<EpochProofSource>("epochProofs"),
  nodeService: token<NodeService>("nodeService"),
  root: token<Service>("root"),
} as const;
