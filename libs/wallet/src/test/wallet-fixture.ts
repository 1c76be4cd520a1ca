import { type Field, jsFieldHasher } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { FakeKvStore, FakeNode, FakeProofBackend, SeededRandom } from "@sprtn/testing";
import { deriveAccountKeys } from "../keys/account-keys.js";
import { Wallet, type WalletSettings } from "../wallet.js";

/** Wei that every account of Alice's begins with; so does her first one alone for fees. */
export const FUNDS = 10n ** 18n;
export const aliceSeed = new Uint8Array(32).fill(1);
export const bobSeed = new Uint8Array(32).fill(2);

export const settings = (seed: Uint8Array, change: Partial<WalletSettings> = {}): WalletSettings => ({
  seed,
  accounts: 1,
  pollMs: 1_000,
  lifetimeEpochs: 1,
  notesKept: 16,
  fees: { publicMarginPercent: 300, notesMarginPercent: 150, priorityFees: { perL2Gas: 0n, perDaGas: 0n } },
  ...change,
});

/** A node on whose chain Alice's first two accounts hold public funds, with a wallet of hers and one of Bob's. */
export class WalletFixture {
  readonly clock = new ManualClock();
  readonly random = new SeededRandom(7);
  readonly proofs = new FakeProofBackend();
  readonly node: FakeNode;

  constructor() {
    const balances = new Map(
      [0, 1].map(index => [deriveAccountKeys(jsFieldHasher, aliceSeed, index).address, FUNDS] as const),
    );
    this.node = new FakeNode({ balances });
  }

  open(
    seed: Uint8Array,
    change: Partial<WalletSettings> = {},
    { kv = new FakeKvStore(), node = this.node }: { kv?: KvStore; node?: FakeNode } = {},
  ): Promise<Wallet> {
    return Wallet.open(this.dependencies(kv, node), settings(seed, change));
  }

  dependencies(kv: KvStore = new FakeKvStore(), node = this.node) {
    return { hasher: jsFieldHasher, random: this.random, clock: this.clock, kv, node, proofs: this.proofs };
  }

  /** Alice with notes of these values, her own, on chain and known to her. */
  async aliceWithNotes(
    values: readonly bigint[],
    change: Partial<WalletSettings> = {},
    kv: KvStore = new FakeKvStore(),
  ): Promise<Wallet> {
    const alice = await this.open(aliceSeed, change, { kv });
    for (const amount of values)
      await alice.pay({ kind: "shield", from: 0, to: paymentAddress(alice), amount, notes: 1 });
    this.node.mine();
    await alice.sync();
    return alice;
  }
}

export const addressOf = (wallet: Wallet, index = 0): Field => accountOf(wallet, index).address;
export const paymentAddress = (wallet: Wallet, index = 0) => accountOf(wallet, index).paymentAddress;
export const privateBalance = async (wallet: Wallet, index = 0): Promise<bigint> =>
  (await wallet.balance(index)).private;

function accountOf(wallet: Wallet, index: number) {
  const account = wallet.accounts()[index];
  if (account === undefined) throw new RangeError(`no account ${index}`);
  return account;
}
