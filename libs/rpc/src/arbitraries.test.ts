import {
  BlockNumber,
  Epoch,
  EthAddress,
  Field,
  FIELD_MODULUS,
  jsFieldHasher,
  Seconds,
  Slot,
  toHex,
  UnixSeconds,
  Wei,
} from "@sprtn/primitives";
import {
  AuthorizationKind,
  type ChainTips,
  type ContractAddresses,
  createTx,
  type Deployment,
  type L2Block,
  type RollupParameters,
  type Tx,
} from "@sprtn/protocol";
import type { MembershipWitness, NodeApi, NodeInfo, PeerInfo, TxReceipt, TxStage } from "@sprtn/ports";
import fc from "fast-check";

/** Random values of everything that the NodeApi takes and gives. */

export const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(Field);
export const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
const wei = uint(256).map(Wei);
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const safe = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
export const blockNumber = u32.map(BlockNumber);
export const slot = u32.map(Slot);
export const epoch = u32.map(Epoch);
export const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytes => EthAddress(toHex(bytes)));
export const text = fc.string({ maxLength: 40 });
export const gasFees = fc.record({ perL2Gas: uint(64), perDaGas: uint(64) });
export const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const header = fc.record({
  lastArchive: field,
  number: blockNumber,
  slot,
  timestamp: safe.map(UnixSeconds),
  coinbase: address,
  feeRecipient: field,
  baseFees: gasFees,
  daHash: field,
  inHash: field,
  outHash: field,
  txCount: u32,
  totalBaseFees: uint(128),
  totalL2Gas: uint(64),
  totalDaGas: uint(64),
  stateHash: field,
});

const write = fc.record({ slot: field, value: field });
const six = fc.tuple(field, field, field, field, field, field);
const effect = fc.record({
  txHash: field,
  reverted: fc.boolean(),
  fee: uint(128),
  nullifiers: fc.tuple(field, field),
  noteHashes: fc.tuple(field, field),
  writes: fc.tuple(write, write, write, write),
  l2ToL1Message: field,
  encryptedNotes: six,
});

export const block: fc.Arbitrary<L2Block> = fc.record({
  header,
  headerHash: field,
  archive: field,
  effects: fc.array(effect, { maxLength: 3 }),
});

const blockId = fc.record({ number: blockNumber, hash: field });
export const chainTips: fc.Arbitrary<ChainTips> = fc.record({ pending: blockId, proven: blockId, finalized: blockId });

export const tx: fc.Arbitrary<Tx> = fc
  .record({
    chainId: uint(64),
    rollupVersion: uint(64),
    anchorNoteHashRoot: field,
    expirationSlot: slot,
    nullifiers: fc.tuple(field, field),
    noteHashes: fc.tuple(field, field),
    encryptedNotesHash: field,
    publicSender: field,
    call: fc.record({ kind: fc.integer({ min: 0, max: 5 }), target: field, amount: uint(128), message: field }),
    feePayer: field,
    feeFromNotes: uint(128),
    gas: fc.record({
      l2GasLimit: u32,
      daGasLimit: u32,
      l2TeardownGasLimit: u32,
      daTeardownGasLimit: u32,
      maxFees: gasFees,
      priorityFees: gasFees,
    }),
  })
  .chain(inputs =>
    fc
      .tuple(six, fc.uint8Array({ maxLength: 200 }))
      .map(([encryptedNotes, proof]) =>
        createTx(jsFieldHasher, { authorization: AuthorizationKind.PROOF, inputs, encryptedNotes, proof }),
      ),
  );

const stage = fc.constantFrom<TxStage>(
  "executed",
  "submitted",
  "proposed",
  "attested",
  "pending",
  "proven",
  "finalized",
  "dropped",
  "unknown",
);
export const receipt: fc.Arbitrary<TxReceipt> = fc.record(
  {
    txHash: field,
    stage,
    block: fc.record({ number: blockNumber, hash: field, index: u32 }),
    fee: uint(128),
    reverted: fc.boolean(),
    code: text,
  },
  { requiredKeys: ["txHash", "stage"] },
);

export const contracts: fc.Arbitrary<ContractAddresses> = fc.record({
  teocalli: address,
  registry: address,
  validatorRegistry: address,
  rollup: address,
  rewards: address,
  availabilityOracle: address,
  inbox: address,
  outbox: address,
  feePortal: address,
  token: address,
  verifier: address,
});

const parameters: fc.Arbitrary<RollupParameters> = fc.record({
  genesisTime: safe.map(UnixSeconds),
  slotDuration: safe.map(Seconds),
  epochDuration: u32,
  committeeSize: u32,
  proposalLateness: u32,
  proofWindow: safe.map(Seconds),
  challengeWindow: safe.map(Seconds),
  capacity: u32,
  gasTarget: fc.record({ l2: uint(64), da: uint(64) }),
  initialBaseFees: gasFees,
  pendingReward: wei,
  provenReward: wei,
  proverShareBps: fc.integer({ min: 0, max: 10_000 }),
  minimumStake: wei,
  exitGraceEpochs: u32,
  minimumDeposit: wei,
  openBootstrap: fc.boolean(),
  provingRight: fc.constantFrom("coordinator", "quotes", "open"),
});

const proofs = fc.constantFrom<Pick<Deployment, "proofMode" | "crs">>(
  { proofMode: "real", crs: "dev" },
  { proofMode: "real", crs: "ignition" },
  { proofMode: "simulated", crs: null },
);

/** A record that also says which proofs there are. */
function withProofs<T extends object>(record: { [Name in keyof T]: fc.Arbitrary<T[Name]> }): fc.Arbitrary<
  T & Pick<Deployment, "proofMode" | "crs">
> {
  return fc.tuple(fc.record(record), proofs).map(([rest, kind]) => ({ ...(rest as T), ...kind }));
}

const deployment: fc.Arbitrary<Deployment> = withProofs({
  name: text,
  chainId: uint(64),
  rollupVersion: uint(64),
  keyTreeRoot: field,
  l1StartBlock: safe,
  parameters,
  contracts,
  genesis: fc.record({ header, archive: field }),
});

export const nodeInfo: fc.Arbitrary<NodeInfo> = withProofs({
  version: text,
  network: text,
  l1ChainId: uint(64),
  rollupVersion: uint(64),
  contracts,
  enr: nullable(text),
  roles: fc.array(text, { maxLength: 4 }),
  parameters,
  density: fc.integer({ min: 1, max: 10_000 }),
  deployment,
});

const path = fc.array(field, { maxLength: 32 });
export const membershipWitness: fc.Arbitrary<MembershipWitness> = fc.record({
  block: blockNumber,
  root: field,
  index: uint(64),
  path,
});
export const withdrawalWitness: fc.Arbitrary<Awaited<ReturnType<NodeApi["getL2ToL1MessageWitness"]>>> = fc.record({
  block: blockNumber,
  leafId: uint(64),
  path,
  proven: fc.boolean(),
});
export const peerInfo: fc.Arbitrary<PeerInfo> = fc.record({
  id: text,
  addresses: fc.array(text, { maxLength: 3 }),
  score: fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
  direction: fc.constantFrom("inbound", "outbound"),
  agent: nullable(text),
});
