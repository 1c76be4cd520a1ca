import type { BlockNumber, Field, FieldHasher } from "@sprtn/primitives";
import type {
  AccountIndex,
  AnchorPolicy,
  Clock,
  FundingMessage,
  KvStore,
  NodeApi,
  NodeInfo,
  Payment,
  PreparedPayment,
  PreparingWallet,
  ProofBackend,
  Random,
  TxReceipt,
  WalletAccount,
  WalletBalance,
} from "@sprtn/ports";
import { constants } from "@sprtn/protocol";
import { sleep } from "@sprtn/runtime";
import { type BackupContent, openBackup, sealBackup } from "./backup.js";
import { DepositSecrets } from "./deposit-secrets.js";
import { type AccountKeys, deriveAccountKeys } from "./keys/account-keys.js";
import { Memberships } from "./note-tree/memberships.js";
import type { StoredNote } from "./notes/stored-note.js";
import { PaymentMaker, type PaymentMakerSettings } from "./payments/payment-maker.js";
import { planDeposit, planMerge, planPayment } from "./payments/payment-plan.js";
import { SCAN_FORMAT, type ScanOwner } from "./scan/scan-state.js";
import { ScanStore } from "./scan/scan-store.js";
import { Scanner } from "./scan/scanner.js";
import type { WalletEnvironment } from "./settings.js";
import { WalletError, WalletErrorCode } from "./wallet-error.js";
import { watchTx } from "./watch-tx.js";

/** All that a wallet asks of a node (PRIV-1): docs/privacy.md says what each request shows. */
export type WalletNode = Pick<
  NodeApi,
  "getNodeInfo" | "getChainTips" | "getBlocks" | "getBaseFees" | "getCurrentSlot" | "sendTx" | "getTxReceipt"
>;

/** The node that a wallet reads from, the store of its records, and what proves its payments. */
export interface WalletDependencies {
  readonly hasher: FieldHasher;
  readonly random: Random;
  readonly clock: Clock;
  readonly kv: KvStore;
  readonly node: WalletNode;
  readonly proofs: Pick<ProofBackend, "prove">;
}

/** Seed and accounts, and how payments choose fees, notes and anchors. */
export interface WalletSettings extends PaymentMakerSettings {
  /** At least 16 random bytes: all keys come from it. */
  readonly seed: Uint8Array;
  /** How many accounts of the seed it reads and spends. */
  readonly accounts: number;
  readonly pollMs: number;
  /** Its keys in the store begin with this; for a store that is shared. */
  readonly keyPrefix?: Uint8Array;
}

/** Settings of a wallet from its environment. */
export function walletSettingsFrom(
  environment: WalletEnvironment,
  keys: Pick<WalletSettings, "seed" | "accounts" | "keyPrefix">,
): WalletSettings {
  const {
    publicMarginPercent,
    notesMarginPercent,
    priorityFeePerL2Gas,
    priorityFeePerDaGas,
    lifetimeEpochs,
    notesKept,
    pollMs,
  } = environment;
  return {
    ...keys,
    lifetimeEpochs,
    notesKept,
    pollMs,
    fees: {
      publicMarginPercent,
      notesMarginPercent,
      priorityFees: { perL2Gas: priorityFeePerL2Gas, perDaGas: priorityFeePerDaGas },
    },
  };
}

/** Keys, notes, payments (PXE): one seed with several accounts that share one scan of the chain. */
export class Wallet implements PreparingWallet {
  readonly #dependencies: WalletDependencies;
  readonly #settings: WalletSettings;
  readonly #store: ScanStore;
  readonly #scanner: Scanner;
  readonly #maker: PaymentMaker;
  readonly #accounts: readonly AccountKeys[];
  readonly #secrets: DepositSecrets;
  #info: Promise<NodeInfo> | undefined;
  /** Counts up at once, so that two callers never get one secret. */
  #depositSecrets: number;

  private constructor(
    dependencies: WalletDependencies,
    settings: WalletSettings,
    { store, accounts }: { readonly store: ScanStore; readonly accounts: readonly AccountKeys[] },
  ) {
    const { hasher, random, clock, node, proofs } = dependencies;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#store = store;
    this.#accounts = accounts;
    this.#secrets = new DepositSecrets({ hasher, seed: settings.seed });
    this.#depositSecrets = store.owner?.depositSecrets ?? 0;
    this.#scanner = new Scanner({ hasher, clock, node, store, accounts });
    const memberships = new Memberships({ store, hasher });
    this.#maker = new PaymentMaker(
      {
        hasher,
        random,
        node,
        proofs,
        store,
        scanner: this.#scanner,
        memberships,
        accounts,
        info: () => this.#nodeInfo(),
      },
      settings,
    );
  }

  /** Opens the wallet on its store; asks the node nothing yet. @throws WalletError WRONG_SEED, BAD_STORE, BAD_SEED */
  static async open(dependencies: WalletDependencies, settings: WalletSettings): Promise<Wallet> {
    const accounts = Array.from({ length: settings.accounts }, (_, index) =>
      deriveAccountKeys(dependencies.hasher, settings.seed, index),
    );
    const [first] = accounts;
    if (first === undefined)
      throw new WalletError(
        WalletErrorCode.UNKNOWN_ACCOUNT,
        "a wallet needs at least 1 account: give a positive number",
      );
    const store = await ScanStore.open(dependencies.kv, settings.keyPrefix);
    const { owner } = store;
    if (owner !== undefined && owner.address !== first.address)
      throw new WalletError(
        WalletErrorCode.WRONG_SEED,
        "the store belongs to another seed: give that seed, or another store",
      );
    if (owner?.accounts !== accounts.length || owner.format !== SCAN_FORMAT) {
      // Blocks were not read for the accounts that are new, or by an earlier version: they are read again.
      const { address } = first;
      const depositSecrets = owner?.depositSecrets ?? 0;
      await store.write({
        ...store.forgetting(),
        owner: { address, accounts: accounts.length, depositSecrets, format: SCAN_FORMAT },
      });
    }
    return new Wallet(dependencies, settings, { store, accounts });
  }

  /**
   * Opens a backup on an empty store.
   * @throws WalletError BACKUP_MALFORMED, BACKUP_VERSION, BACKUP_PASSPHRASE, STORE_NOT_EMPTY
   */
  static async restore(
    dependencies: WalletDependencies,
    settings: Omit<WalletSettings, "seed" | "accounts">,
    backup: { readonly text: string; readonly passphrase: string },
  ): Promise<Wallet> {
    const { seed, state }: BackupContent = await openBackup(backup.text, backup.passphrase);
    const store = await ScanStore.open(dependencies.kv, settings.keyPrefix);
    if (store.owner !== undefined)
      throw new WalletError(
        WalletErrorCode.STORE_NOT_EMPTY,
        "the store already holds a wallet: restore into an empty store",
      );
    await store.write(state);
    return Wallet.open(dependencies, { ...settings, seed, accounts: state.owner.accounts });
  }

  accounts(): readonly WalletAccount[] {
    return this.#accounts.map(({ index, address, paymentAddress }) => ({ index, address, paymentAddress }));
  }

  sync(signal?: AbortSignal): Promise<void> {
    return this.#scanner.sync(signal);
  }

  /** The last block read. */
  scannedTo(): BlockNumber | undefined {
    return this.#store.tip?.number;
  }

  /** Forgets what was read and reads the chain from genesis. */
  rescan(signal?: AbortSignal): Promise<void> {
    return this.#scanner.rescan(signal);
  }

  /** Every note of an account, spent ones too, in the order of the chain. */
  notes(account: AccountIndex): StoredNote[] {
    const own = [...this.#store.notes()].filter(note => note.account === this.#account(account).index);
    return own.sort((a, b) => (a.leafIndex < b.leafIndex ? -1 : 1));
  }

  async balance(account: AccountIndex): Promise<WalletBalance> {
    const unspent = this.notes(account).filter(note => note.spentIn === null);
    const spendable = this.#maker.freeNotes(account).map(note => note.value);
    return {
      public: this.#store.publicBalance(this.#account(account).index),
      notes: unspent.length,
      private: unspent.reduce((sum, note) => sum + note.value, 0n),
      spendable: spendable.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)),
    };
  }

  spendableNotes(account: AccountIndex): number {
    return this.#maker.freeNotes(this.#account(account).index).length;
  }

  async prepare(payment: Payment, signal?: AbortSignal): Promise<PreparedPayment> {
    const plan = planPayment(payment, index => this.#account(index));
    await this.#scanner.catchUp(signal);
    return this.#maker.prepare(plan, { signal, anchor: payment.anchor });
  }

  async pay(payment: Payment, signal?: AbortSignal, onSending?: (hash: Field) => void): Promise<Field> {
    const plan = planPayment(payment, index => this.#account(index));
    await this.#scanner.catchUp(signal);
    return this.#maker.submit(plan, { signal, anchor: payment.anchor, onSending });
  }

  /**
   * One round of merging an account's free notes in pairs, greatest first; resolves with the transactions' hashes, none
   * if there is nothing to merge.
   * The notes pay the fee, or `payer`'s public balance does. With the common anchor, which is the default, only notes
   * that it holds are merged.
   */
  async consolidate(
    account: AccountIndex,
    options: { readonly payer?: AccountIndex; readonly anchor?: AnchorPolicy; readonly signal?: AbortSignal } = {},
  ): Promise<Field[]> {
    const owner = this.#account(account);
    const payer = options.payer === undefined ? undefined : this.#account(options.payer);
    const { anchor = "common", signal } = options;
    await this.#scanner.catchUp(signal);
    const fee = payer === undefined ? await this.#maker.mergeFee() : 0n;
    const notes = await this.#maker.mergeable(account, anchor);
    const hashes: Field[] = [];
    for (let i = 0; i + 1 < notes.length; i += 2) {
      const pair = notes.slice(i, i + 2);
      // Merging dust must not cost more than it brings.
      if (pair.reduce((sum, note) => sum + note.value, 0n) <= fee) break;
      hashes.push(await this.#maker.submit(planMerge(owner, payer), { notes: pair, anchor, signal }));
    }
    return hashes;
  }

  async newDepositSecret(): Promise<Field> {
    const index = this.#depositSecrets++;
    // On disk before the hash leaves: a deposit whose secret is forgotten is lost.
    await this.#store.write({ owner: { ...this.#owner(), depositSecrets: this.#depositSecrets } });
    return this.#secrets.hashOf(index);
  }

  async claimDeposit(message: FundingMessage, signal?: AbortSignal): Promise<Field> {
    const recipient = this.#accounts.find(keys => keys.address === message.recipient);
    const secret = this.#secrets.find(message.secretHash, this.#depositSecrets);
    if (recipient === undefined || secret === undefined)
      throw new WalletError(
        WalletErrorCode.UNKNOWN_DEPOSIT,
        "this deposit does not belong to an account and secret of this wallet: open the wallet that made it",
      );
    const { contracts } = await this.#nodeInfo();
    await this.#untilClaimable(message, signal);
    await this.#scanner.catchUp(signal);
    return this.#maker.submit(
      planDeposit(recipient, message, {
        portal: BigInt(contracts.feePortal) as Field,
        globalIndex: message.globalIndex,
        secret,
      }),
      { signal },
    );
  }

  async *watch(hash: Field, signal?: AbortSignal): AsyncGenerator<TxReceipt, void, undefined> {
    const { clock, node } = this.#dependencies;
    for await (const receipt of watchTx(hash, { clock, node, pollMs: this.#settings.pollMs, signal })) {
      if (receipt.stage === "dropped") await this.#release(hash);
      yield receipt;
    }
  }

  /** Keys and scan state as text, encrypted with the passphrase. */
  backup(passphrase: string): Promise<string> {
    return sealBackup(
      { seed: this.#settings.seed, state: this.#store.state(this.#owner()) },
      passphrase,
      this.#dependencies.random,
    );
  }

  /** A message can be claimed in the block that consumes its subtree, and later. */
  async #untilClaimable({ globalIndex }: FundingMessage, signal: AbortSignal | undefined): Promise<void> {
    const { node, clock } = this.#dependencies;
    const block = Number(globalIndex / BigInt(constants.MESSAGES_PER_BLOCK)) + 1;
    while ((await node.getChainTips()).pending.number + 1 < block) await sleep(clock, this.#settings.pollMs, signal);
  }

  async #release(hash: Field): Promise<void> {
    await this.#store.write({
      removedReservations: [...this.#store.reservations()].filter(reservation => reservation.txHash === hash),
    });
  }

  /** Asked once; a failure is asked again. */
  #nodeInfo(): Promise<NodeInfo> {
    this.#info ??= this.#dependencies.node.getNodeInfo().catch((error: unknown) => {
      this.#info = undefined;
      throw error;
    });
    return this.#info;
  }

  #account(index: AccountIndex): AccountKeys {
    const keys = this.#accounts[index];
    if (keys === undefined)
      throw new WalletError(
        WalletErrorCode.UNKNOWN_ACCOUNT,
        `there is no account ${index}: the wallet has ${this.#accounts.length}, numbered from 0`,
        { account: index },
      );
    return keys;
  }

  #owner(): ScanOwner {
    return {
      address: this.#account(0).address,
      accounts: this.#accounts.length,
      depositSecrets: this.#depositSecrets,
      format: SCAN_FORMAT,
    };
  }
}
