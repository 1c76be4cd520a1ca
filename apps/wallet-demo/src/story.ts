import { codeOf, counted, type EthAddress, type Field } from "@sprtn/primitives";
import type { Clock, NodeApi, Payment, TxReceipt, TxStage } from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";
import type { Wallet } from "@sprtn/wallet";
import { type Amounts, azt, shown } from "./amounts.js";
import { DemoError, DemoErrorCode } from "./demo-error.js";
import { follow, type Print } from "./follow.js";
import type { L1Account } from "./open-l1.js";

export interface StoryDependencies {
  readonly node: NodeApi;
  readonly clock: Clock;
  readonly l1: L1Account;
  readonly alice: Wallet;
  readonly bob: Wallet;
  readonly print: Print;
}

export interface StorySettings {
  readonly amounts: Amounts;
  /** Where Bob withdraws to. */
  readonly bobOnL1: EthAddress;
  readonly pollMs: number;
}

const ACCOUNT = 0;

/** A payment, and the wallet that sends it. */
interface Sent {
  readonly wallet: Wallet;
  readonly payment: Payment;
}

/**
 * The life of money, one method a step; each says what it does, follows its transaction and shows the balances
 * afterwards.
 */
export class Story {
  #step = 0;
  #l2Fees = 0n;

  readonly #dependencies: StoryDependencies;

  constructor(
    dependencies: StoryDependencies,
    private readonly settings: StorySettings,
  ) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when the withdrawal is paid on L1 and finalized.
   * @throws DemoError TX_FAILED, NO_MESSAGE, NOT_PAID, and what wallet, node and L1 throw
   */
  async run(signal: AbortSignal): Promise<void> {
    const { l1, print } = this.#dependencies;
    const { payment, unshield, shield } = this.settings.amounts;
    const etherBefore = await l1.sender.balance();
    await this.#deposit(signal);
    const { alice, bob } = this.#dependencies;
    const [toAlice, toBob] = [alice, bob].map(wallet => wallet.accounts()[ACCOUNT]) as [
      ReturnType<Wallet["accounts"]>[number],
      ReturnType<Wallet["accounts"]>[number],
    ];
    await this.#pay(
      `Alice shields ${azt(shield)}: from her public balance into a note of her own`,
      { wallet: alice, payment: { kind: "shield", from: ACCOUNT, to: toAlice.paymentAddress, amount: shield } },
      signal,
    );
    print("   notes of this epoch are spent at once: this is publicly visible, but saves waiting for the next epoch");
    await this.#pay(
      `Alice pays Bob ${azt(payment)} privately: the chain sees two nullifiers, two note hashes and ciphertexts`,
      {
        wallet: alice,
        payment: { kind: "private", anchor: "newest", from: ACCOUNT, to: toBob.paymentAddress, amount: payment },
      },
      signal,
    );
    await this.#pay(
      `Bob unshields ${azt(unshield)}: from the note he received into his public balance`,
      {
        wallet: bob,
        payment: { kind: "unshield", anchor: "newest", from: ACCOUNT, to: toBob.address, amount: unshield },
      },
      signal,
    );
    await this.#withdraw(signal);
    print("");
    print(
      `fees on L2: ${azt(this.#l2Fees)}; L1 transactions cost ${shown(etherBefore - (await l1.sender.balance()))} ` +
        "ether",
    );
  }

  async #deposit(signal: AbortSignal): Promise<void> {
    const { l1, alice, print } = this.#dependencies;
    const { deposit } = this.settings.amounts;
    const [account] = alice.accounts();
    if (account === undefined) return;
    this.#title(`Alice deposits ${azt(deposit)} from L1 through FeePortal`);
    const held = await l1.client.tokenBalance();
    print(`   L1 account ${l1.client.address} holds ${azt(held)}`);
    if (held < deposit) {
      await l1.client.mint(deposit - held, { signal });
      print(`   minted ${azt(deposit - held)} from the test token's faucet`);
    }
    const before = await l1.client.tokenBalance();
    const secretHash = await alice.newDepositSecret();
    const message = await l1.client.deposit({ recipient: account.address, amount: deposit, secretHash }, signal);
    print(`   L1 transaction ${message.transactionHash}`);
    print(
      `   L1 balance ${azt(before)} → ${azt(await l1.client.tokenBalance())}; the message enters L2 with block ` +
        `${message.blockNumber}`,
    );
    const funding = {
      recipient: account.address,
      amount: deposit,
      secretHash,
      messageHash: message.hash,
      globalIndex: message.globalIndex,
      l1Transaction: message.transactionHash,
    };
    await this.#settle(alice, await alice.claimDeposit(funding, signal), signal);
  }

  async #withdraw(signal: AbortSignal): Promise<void> {
    const { l1, bob, print } = this.#dependencies;
    const { bobOnL1: recipient, amounts } = this.settings;
    const amount = amounts.withdrawal;
    const hash = await this.#pay(
      `Bob withdraws ${azt(amount)} to L1, to ${recipient}`,
      { wallet: bob, payment: { kind: "withdraw", from: ACCOUNT, to: recipient, amount } },
      signal,
    );
    print("   an L2→L1 message can be consumed once its block is proven: waiting for the epoch's proof");
    await this.#follow(bob, hash, { goal: "proven", after: "pending", signal });
    const { block, leafId, path } = await this.#provenMessage(hash, signal);
    this.#title("Anyone consumes the message in L1's Outbox; FeePortal pays Bob");
    const before = await l1.client.tokenBalance(recipient);
    const request = { recipient, amount, blockNumber: block, leafId, path };
    const { transactionHash } = await l1.client.withdraw(request, signal);
    const after = await l1.client.tokenBalance(recipient);
    print(`   L1 transaction ${transactionHash}: leaf ${leafId} of block ${block}, path of ${path.length}`);
    print(`   Bob's L1 balance ${azt(before)} → ${azt(after)}`);
    if (after - before !== amount)
      throw new DemoError(
        DemoErrorCode.NOT_PAID,
        `Bob was paid ${azt(after - before)} instead of ${azt(amount)}: compare the contracts' addresses with ` +
          "node_getL1ContractAddresses",
      );
    const refusal = await l1.client.withdraw(request, signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal === undefined)
      throw new DemoError(DemoErrorCode.NOT_PAID, "the same message was paid out twice: the Outbox is broken");
    print(`   a second time is refused: ${codeOf(refusal)}, ${reasonOf(refusal)}`);
    this.#title("The proof's L1 block becomes final, and with it the withdrawal");
    await this.#follow(bob, hash, { goal: "finalized", after: "proven", signal });
  }

  async #pay(what: string, { wallet, payment }: Sent, signal: AbortSignal): Promise<Field> {
    this.#title(what);
    await wallet.sync(signal);
    const hash = await wallet.pay(payment, signal);
    await this.#settle(wallet, hash, signal);
    return hash;
  }

  /** To a block on L1; then what everybody has. */
  async #settle(wallet: Wallet, hash: Field, signal: AbortSignal): Promise<void> {
    const { fee } = await this.#follow(wallet, hash, { goal: "pending", signal });
    this.#l2Fees += fee ?? 0n;
    for (const name of ["alice", "bob"] as const) {
      const owner = this.#dependencies[name];
      await owner.sync(signal);
      const balance = await owner.balance(ACCOUNT);
      this.#dependencies.print(
        `   ${name.padEnd(5)} public ${azt(balance.public)}, private ${azt(balance.private)} in ` +
          counted(balance.notes, "note"),
      );
    }
  }

  #follow(
    wallet: Wallet,
    hash: Field,
    stages: { readonly goal: TxStage; readonly after?: TxStage; readonly signal: AbortSignal },
  ): Promise<TxReceipt> {
    const { print, clock } = this.#dependencies;
    return follow(wallet, hash, { ...stages, print, nowMs: () => clock.nowMs() });
  }

  /** The receipt may say "proven" a moment before the witness does. */
  async #provenMessage(
    hash: Field,
    signal: AbortSignal,
  ): Promise<NonNullable<Awaited<ReturnType<NodeApi["getL2ToL1MessageWitness"]>>>> {
    const { node, clock } = this.#dependencies;
    for (;;) {
      const witness = await node.getL2ToL1MessageWitness(hash);
      if (witness === null)
        throw new DemoError(
          DemoErrorCode.NO_MESSAGE,
          "the node has no L2→L1 message for the withdrawal: its block may have been pruned; run the demo again",
        );
      if (witness.proven) return witness;
      await sleep(clock, this.settings.pollMs, signal);
    }
  }

  #title(text: string): void {
    this.#dependencies.print("");
    this.#dependencies.print(`${++this.#step}. ${text}`);
  }
}

function reasonOf(error: unknown): string {
  return (error as { payload?: { reason?: string } }).payload?.reason ?? String(error);
}
