import { CodedError, Field, Slot } from "@sprtn/primitives";
import type { FundingMessage, Payment, PreparedPayment, PreparingWallet, TxReceipt, WalletAccount } from "@sprtn/ports";

/** An account's public balance and notes, in wei. */
interface FakeAccount {
  public: bigint;
  notes: bigint[];
}

/** A payment that the fake made, and what became of it. */
export interface FakePrepared {
  readonly payment: Payment;
  readonly hash: Field;
  state: "held" | "sent" | "discarded";
}

/** A wallet that makes what a test lets it make, and whose nodes answer as the test says. */
export class FakePreparingWallet implements PreparingWallet {
  readonly made: FakePrepared[] = [];
  readonly claimed: FundingMessage[] = [];
  /** Calls of {@link prepare}, also those that fail. */
  readonly asked: Payment[] = [];
  readonly state: readonly FakeAccount[];
  /** How often blocks were read; what they bring is added by the test. */
  syncs = 0;
  onSync: () => void = () => {};
  /** Before a payment is made: throws, or takes its time. */
  making: (payment: Payment, signal?: AbortSignal) => Promise<void> | void = () => {};
  /** A node's answer to a payment: throws, or takes its time. */
  answering: (prepared: FakePrepared) => Promise<void> | void = () => {};
  /** What becomes of a claim. */
  claimStages: readonly Omit<TxReceipt, "txHash">[] = [{ stage: "submitted" }, { stage: "pending" }];
  #hashes = 0n;

  constructor({ accounts = 2, wei = 0n, notes = [] as readonly bigint[] } = {}) {
    this.state = Array.from({ length: accounts }, () => ({ public: wei, notes: [...notes] }));
  }

  accounts(): readonly WalletAccount[] {
    return this.state.map((_, index) => ({
      index,
      address: Field(BigInt(100 + index)),
      paymentAddress: { npk: Field(BigInt(200 + index)), viewingKey: { x: Field(1n), y: Field(2n) } },
    }));
  }

  async sync(): Promise<void> {
    this.syncs += 1;
    this.onSync();
  }

  async balance(account: number) {
    const { public: wei, notes } = this.#at(account);
    return { public: wei, private: 0n, notes: notes.length, spendable: notes };
  }

  spendableNotes(account: number): number {
    return this.#at(account).notes.length;
  }

  async prepare(payment: Payment, signal?: AbortSignal): Promise<PreparedPayment> {
    this.asked.push(payment);
    await this.making(payment, signal);
    const prepared: FakePrepared = { payment, hash: Field(++this.#hashes), state: "held" };
    this.made.push(prepared);
    return {
      hash: prepared.hash,
      expirationSlot: Slot(1_000),
      send: async onSending => {
        prepared.state = "sent";
        onSending?.(prepared.hash);
        await this.answering(prepared);
        return prepared.hash;
      },
      discard: () => void (prepared.state = "discarded"),
    };
  }

  pay(): Promise<Field> {
    throw new CodedError("FAKE_UNUSED", "load tests prepare their payments: call prepare");
  }

  async newDepositSecret(): Promise<Field> {
    return Field(7n);
  }

  async claimDeposit(message: FundingMessage): Promise<Field> {
    this.claimed.push(message);
    const account = this.accounts().find(({ address }) => address === message.recipient);
    this.#at(account?.index ?? -1).public += message.amount;
    return Field(++this.#hashes);
  }

  async *watch(txHash: Field): AsyncGenerator<TxReceipt, void, undefined> {
    for (const receipt of this.claimStages) yield { txHash, ...receipt };
  }

  #at(account: number): FakeAccount {
    const state = this.state[account];
    if (state === undefined)
      throw new CodedError("FAKE_ACCOUNT", `there is no account ${account}: use one of the fake's`);
    return state;
  }
}
