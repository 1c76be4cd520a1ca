// What the contracts say and take, written out once more: the observer shares no code with what it observes.
import { Interface } from "ethers";

export const abi = new Interface([
  "event HeaderPublished(bytes32 indexed headerHash, bytes header)",
  "event EffectsPublished(bytes32 indexed effectsHash, bytes effects)",
  "event EffectsCombined(bytes32 indexed effectsHash, bytes32[] chunkRoots)",
  "event L2PendingBlockProcessed(uint256 indexed blockNumber, bytes32 indexed headerHash, bytes32 archive, bytes32 " +
    "accumulator, uint256 signers)",
  "event L2ProvenBlockProcessed(uint256 indexed blockNumber, address indexed prover, uint256 firstBlock, bytes32 " +
    "archive)",
  "event PrunedPendingChain(uint256 provenTip, uint256 oldTip)",
  "event EpochSetUp(uint256 indexed epoch, bytes32 commitment, uint256 committeeSize, address coordinator)",
  "event RandaoCheckpointed(uint256 indexed epoch, uint224 randao)",
  "event RewardCredited(address indexed account, uint256 amount)",
  "event RewardClaimed(address indexed account, uint256 amount)",
  "event ValidatorAdded(bytes32 indexed pubkey, uint256 effectiveEpoch)",
  "event ValidatorExiting(bytes32 indexed pubkey, uint256 effectiveEpoch, uint256 withdrawableEpoch)",
  "event MessageSent(uint256 indexed blockNumber, uint256 globalIndex, bytes32 messageHash, bytes32 recipient, " +
    "uint256 amount, bytes32 secretHash)",
  "event MessageConsumed(uint256 indexed blockNumber, uint256 indexed leafId, bytes32 messageHash)",
  "event Deposited(address indexed sender, bytes32 indexed recipient, uint256 amount, bytes32 messageHash, uint256 " +
    "globalIndex)",
  "event Withdrawn(address indexed recipient, uint256 amount, uint256 indexed blockNumber, uint256 leafId)",
  "event BaseFeesReleased(uint256 amount)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "function publishAndPropose(bytes effects, bytes header, bytes32 archive, bytes signatures)",
  "function publishAndProposeChunks(bytes32[] chunkRoots, bytes lastEffects, bytes header, bytes32 archive, bytes " +
    "signatures)",
  "function processPendingBlock(bytes header, bytes32 archive, bytes signatures)",
  "function getTips() view returns (tuple(uint32 pending, uint32 proven, uint32 highest, uint32 slot, uint32 " +
    "touchedPlusOne))",
  "function creditOf(address account) view returns (uint256)",
  "function commitmentOf(uint256 epoch) view returns (bytes32)",
  "function balanceOf(address account) view returns (uint256)",
  "function locked() view returns (uint256)",
  ...[
    "genesisTime",
    "slotDuration",
    "epochDuration",
    "committeeSize",
    "proposalLateness",
    "proofWindow",
    "challengeWindow",
    "l2GasTarget",
    "daGasTarget",
    "pendingReward",
    "proverShare",
    "coinbaseShare",
    "rollupVersion",
    "provingRight",
  ].map(name => `function ${name}() view returns (uint256)`),
  ...["validatorRegistry", "availabilityOracle", "inbox", "outbox", "feePortal", "token"].map(
    name => `function ${name}() view returns (address)`,
  ),
]);

/** `Init_…` and constants of libs/protocol/spec, by hand. */
export const TX_EFFECT_BYTES = 704;
export const HEADER_BYTES = 284;
export const MESSAGES_PER_BLOCK = 16n;
export const MESSAGE_LAG_BLOCKS = 2n;
