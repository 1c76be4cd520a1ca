import { CodedError, Field, toHex, uintToBytes } from "@sprtn/primitives";
import type {
  Clock,
  FundingMessage,
  FundingRequest,
  L1Funding,
  Payment,
  PaymentWallet,
  TxReceipt,
  TxStage,
  WalletAccount,
  WalletBalance,
} from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";

interface FakeAccount {
  public: bigint;
  readonly notes: bigint[];
}

type Stages = readonly (readonly [
  afterMs: number,
  receipt: { readonly stage: TxStage; readonly reverted?: boolean; readonly code?: string },
])[];

/**
 * What happens to a payment: its stages by the ms after which each begins, after an answer or (`unanswered`) an error
 * instead; a refusal by the node; or the wallet cannot make it.
 */
export type Fate =
  | { readonly stages: Stages; readonly unanswered?: string }
  | { readonly refused: string }
  | { readonly unmade: string };

/** A wallet whose payments have the fate that a test gives them, with an L1 that funds it at once. */
export class FakePaymentWallet implements PaymentWallet, L1Funding {
  readonly paid: Payment[] = [];
  readonly deposits: FundingRequest[] = [];
  fate: (payment: Payment | "deposit") => Fate = () => ({
    stages: [
      [0, { stage: "submitted" }],
      [2_000, { stage: "pending" }],
    ],
  });
  depositFails = false;
  /** How many times a caller that follows a payment gets no answer. */
  watchFails = 0;
  readonly claimed: FundingMessage[] = [];
  /** A claim's error, if it has one. */
  claimFails: string | undefined;
  readonly state: readonly FakeAccount[];
  readonly #clock: Clock;
  readonly #fates = new Map<Field, { readonly sentMs: number; readonly fate: Fate }>();
  #count = 0n;

  constructor(
    clock: Clock,
    settings: { readonly accounts?: number; readonly public?: bigint; readonly notes?: readonly bigint[] } = {},
  ) {
    this.#clock = clock;
    this.state = Array.from({ length: settings.accounts ?? 2 }, () => ({
      public: settings.public ?? 0n,
      notes: [...(settings.notes ?? [])],
    }));
  }

  accounts(): readonly WalletAccount[] {
    return this.state.map((_, index) => ({
      index,
      address: Field(100 + index),
      paymentAddress: { npk: Field(200 + index), viewingKey: { x: Field(1), y: Field(2) } },
    }));
  }

  async sync(): Promise<void> {}

  async balance(index: number): Promise<WalletBalance> {
    const { public: wei, notes } = this.#at(index);
    return { public: wei, private: notes.reduce((sum, note) => sum + note, 0n), notes: notes.length, spendable: notes };
  }

  spendableNotes(index: number): number {
    return this.#at(index).notes.length;
  }

  async pay(payment: Payment, _signal?: AbortSignal, onSending?: (hash: Field) => void): Promise<Field> {
    this.paid.push(payment);
    const hash = this.#send(payment, onSending);
    const account = this.#at(payment.from);
    if (payment.kind === "shield") {
      account.public -= payment.amount;
      account.notes.push(
        ...Array.from({ length: payment.notes ?? 1 }, () => payment.amount / BigInt(payment.notes ?? 1)),
      );
    }
    return hash;
  }

  async newDepositSecret(): Promise<Field> {
    return Field(++this.#count);
  }

  async deposit(request: FundingRequest): Promise<FundingMessage> {
    if (this.depositFails) throw new CodedError("FAKE_L1_SHORT", "no funds on L1");
    this.deposits.push(request);
    return {
      ...request,
      messageHash: Field(++this.#count),
      globalIndex: this.#count,
      l1Transaction: toHex(uintToBytes(this.#count, 32)),
    };
  }

  async claimDeposit(message: FundingMessage): Promise<Field> {
    if (this.claimFails !== undefined) throw new CodedError(this.claimFails, "the fake wallet cannot claim");
    this.claimed.push(message);
    const hash = this.#send("deposit");
    const index = this.accounts().findIndex(account => account.address === message.recipient);
    this.#at(index).public += message.amount;
    return hash;
  }

  async *watch(hash: Field, signal?: AbortSignal): AsyncGenerator<TxReceipt, void, undefined> {
    const sent = this.#fates.get(hash);
    if (this.watchFails > 0) {
      this.watchFails--;
      throw new CodedError("RPC_UNREACHABLE", "no node answers");
    }
    if (sent === undefined || !("stages" in sent.fate)) return;
    for (const [afterMs, receipt] of sent.fate.stages) {
      await sleep(this.#clock, sent.sentMs + afterMs - this.#clock.steadyMs(), signal);
      yield { txHash: hash, ...receipt };
    }
    await sleep(this.#clock, 10 ** 9, signal);
  }

  #send(payment: Payment | "deposit", onSending?: (hash: Field) => void): Field {
    const fate = this.fate(payment);
    if ("unmade" in fate) throw new CodedError(fate.unmade, "the fake wallet cannot make it");
    const hash = Field(1_000n + ++this.#count);
    onSending?.(hash);
    if ("refused" in fate) throw new CodedError(fate.refused, "the fake node refuses");
    this.#fates.set(hash, { sentMs: this.#clock.steadyMs(), fate });
    if (fate.unanswered !== undefined) throw new CodedError(fate.unanswered, "no answer", { mayHaveRun: true });
    return hash;
  }

  #at(index: number): FakeAccount {
    const account = this.state[index];
    if (account === undefined) throw new CodedError("FAKE_WALLET_ACCOUNT", `no account ${index}`);
    return account;
  }
}
