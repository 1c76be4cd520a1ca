import { MemoryNodeStore } from "@sprtn/merkle-trees";
import {
  BlockNumber,
  EthAddress,
  Field,
  type FieldHasher,
  jsFieldHasher,
  Slot,
  UnixSeconds,
  ZERO_FIELD,
} from "@sprtn/primitives";
import {
  AuthorizationKind,
  CallKind,
  createTx,
  genesisAccumulator,
  hashEncryptedNotes,
  hashL1ToL2Message,
  hashSecret,
  type L2Block,
  maxFeeOf,
  messageNullifier,
  nextAccumulator,
  nextBaseFees,
  NO_ENCRYPTED_NOTES,
  type PublicCall,
  type Tx,
} from "@sprtn/protocol";
import {
  applyGenesis,
  type BlockEnvironment,
  buildBlock,
  type BuiltBlock,
  type ExecutionLookups,
  perTree,
  RollupState,
} from "../index.js";

/** The deployment that fixtures pretend to be of. */
export const chain = { chainId: 31337n, rollupVersion: 1n, feePortal: EthAddress(`0x${"fe".repeat(20)}`) };
/** Gas per block at which the fixture's base fees stand still. */
export const gasTarget = { l2: 200_000n, da: 20_000n };

/** A chain in memory whose transactions carry no proofs: the rules of execution, and nothing around them. */
export class ChainFixture {
  readonly state: RollupState;
  readonly blocks: L2Block[];
  readonly messages = new Map<number, Field[]>();
  readonly messageIndices = new Map<Field, bigint>();
  readonly noteRoots = new Map<Field, BlockNumber>();
  readonly accumulators: Field[];
  readonly #txs = new Map<L2Block, readonly Tx[]>();
  #unique = 1n;

  constructor(readonly hasher: FieldHasher = jsFieldHasher) {
    this.state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher });
    const genesis = applyGenesis(this.state, {
      genesisTime: UnixSeconds(1000),
      initialBaseFees: { perL2Gas: 100n, perDaGas: 10n },
    });
    this.blocks = [genesis];
    this.accumulators = [genesisAccumulator(chain, genesis.header)];
    this.#noteRoot(0);
  }

  get tip(): L2Block {
    return this.blocks.at(-1) as L2Block;
  }

  environment(): BlockEnvironment {
    const { header } = this.tip;
    const number = BlockNumber(header.number + 1);
    return {
      chain,
      number,
      slot: Slot(header.slot + 2),
      timestamp: UnixSeconds(1000 + 8 * (header.slot + 2)),
      coinbase: EthAddress(`0x${"c0".repeat(20)}`),
      feeRecipient: Field(999),
      baseFees: nextBaseFees(header.baseFees, { l2: header.totalL2Gas, da: header.totalDaGas }, gasTarget),
      gasTarget,
      maxTxs: 100,
    };
  }

  readonly lookups: ExecutionLookups = {
    anchorBlock: root => this.noteRoots.get(root),
    messageIndex: message => this.messageIndices.get(message),
  };

  /** Adds a message of `amount` to `recipient` to the next block's subtree and returns it with its secret. */
  message(recipient: Field, amount: bigint): { hash: Field; secret: Field } {
    const number = this.tip.header.number + 1;
    const list = this.messages.get(number) ?? [];
    const secret = this.fresh();
    const globalIndex = BigInt(16 * (number - 1) + list.length);
    const hash = hashL1ToL2Message(chain, {
      recipient,
      amount,
      globalIndex,
      secretHash: hashSecret(this.hasher, secret),
    });
    this.messages.set(number, [...list, hash]);
    this.messageIndices.set(hash, globalIndex);
    return { hash, secret };
  }

  fresh(): Field {
    return this.hasher.hash([77n, this.#unique++]);
  }

  tx(
    call: Partial<PublicCall> & { kind: CallKind },
    options: {
      sender?: Field;
      payer?: Field;
      notes?: number;
      priority?: bigint;
      nullifier?: Field;
      maxFee?: bigint;
      maxDaFee?: bigint;
      gasLimit?: number;
      daGasLimit?: number;
      teardown?: number;
      expiration?: number;
      anchor?: Field;
    } = {},
  ): Tx {
    const { notes = 0, payer = ZERO_FIELD, priority = 0n } = options;
    const { teardown = 0 } = options;
    const gas = {
      l2GasLimit: (options.gasLimit ?? 20_000) + teardown,
      daGasLimit: options.daGasLimit ?? 1_000,
      l2TeardownGasLimit: teardown,
      daTeardownGasLimit: 0,
      maxFees: { perL2Gas: options.maxFee ?? 10_000n, perDaGas: options.maxDaFee ?? 10_000n },
      priorityFees: { perL2Gas: priority, perDaGas: 0n },
    };
    const encryptedNotes =
      notes === 0 ? NO_ENCRYPTED_NOTES : ([1n, 2n, 3n, 4n, 5n, 6n].map(Field) as unknown as Tx["encryptedNotes"]);
    return createTx(this.hasher, {
      authorization: AuthorizationKind.PROOF,
      encryptedNotes,
      proof: new Uint8Array(8),
      inputs: {
        chainId: chain.chainId,
        rollupVersion: chain.rollupVersion,
        anchorNoteHashRoot: options.anchor ?? this.state.reference().noteHashes.root,
        expirationSlot: Slot(options.expiration ?? 1_000_000),
        nullifiers: [options.nullifier ?? this.fresh(), this.fresh()],
        noteHashes: [notes > 0 ? this.fresh() : ZERO_FIELD, notes > 1 ? this.fresh() : ZERO_FIELD],
        encryptedNotesHash: hashEncryptedNotes(this.hasher, encryptedNotes),
        publicSender: options.sender ?? ZERO_FIELD,
        call: { target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD, ...call },
        feePayer: payer,
        feeFromNotes: payer === 0n ? maxFeeOf(gas) : 0n,
        gas,
      },
    });
  }

  deposit(
    message: { hash: Field; secret: Field },
    { recipient, amount, payer = recipient }: { recipient: Field; amount: bigint; payer?: Field },
  ): Tx {
    return this.tx(
      { kind: CallKind.DEPOSIT, target: recipient, amount, message: message.hash },
      { payer, nullifier: messageNullifier(this.hasher, message.hash, message.secret) },
    );
  }

  /** Builds a block and moves the chain to it. */
  mine(txs: readonly Tx[], environment = this.environment()): BuiltBlock {
    const fork = this.state.fork();
    const built = buildBlock(
      { fork, lookups: this.lookups },
      { txs, messages: this.messages.get(environment.number) ?? [] },
      environment,
    );
    fork.commit();
    this.blocks.push(built.block);
    this.#txs.set(built.block, built.txs);
    this.accumulators.push(nextAccumulator(this.accumulators.at(-1) as Field, built.block.headerHash));
    this.#noteRoot(environment.number);
    return built;
  }

  txsOf(block: L2Block): readonly Tx[] {
    return this.#txs.get(block) ?? [];
  }

  #noteRoot(number: number): void {
    const { root } = this.state.reference().noteHashes;
    if (!this.noteRoots.has(root)) this.noteRoots.set(root, BlockNumber(number));
  }

  /** All public balances and unburnt tips: what INV-5 sums, for chains whose notes hold nothing. */
  supply(addresses: readonly Field[]): bigint {
    return [...addresses, Field(999)].reduce((sum, address) => sum + this.state.publicBalance(address), 0n);
  }
}
