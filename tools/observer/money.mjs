// What the contracts owe and have paid: the portal's tokens (INV-5) and the rewards (INV-8).
import { ZeroAddress } from "ethers";

export class Money {
  #parameters;
  #require;
  /** What blocks and proofs earned at once, by account. */
  #earned = new Map();
  /** What events say was credited and claimed, by account. */
  #said = new Map();
  /** Proven blocks by coinbase. */
  #provenBlocks = new Map();
  #portal = { deposited: 0n, withdrawn: 0n, released: 0n, balance: 0n };
  /** Burnt base fees of the last proof, until they are released. */
  #owedRelease = 0n;

  constructor(parameters, require) {
    this.#parameters = parameters;
    this.#require = require;
  }

  accounts() {
    return [...this.#said.keys()];
  }

  earn(account, amount) {
    if (account === ZeroAddress || amount === 0n) return;
    this.#earned.set(account, (this.#earned.get(account) ?? 0n) + amount);
  }

  proven(coinbase) {
    this.#provenBlocks.set(coinbase, (this.#provenBlocks.get(coinbase) ?? 0n) + 1n);
  }

  expectRelease(amount, at) {
    this.#require(
      this.#owedRelease === 0n,
      "INV-5",
      `${at}: ${this.#owedRelease} wei of an earlier proof were not released`,
    );
    this.#owedRelease = amount;
  }

  finish({ credits, portalBalance, locked }) {
    const { deposited, withdrawn, released, balance } = this.#portal;
    this.#require(portalBalance === balance, "INV-5", `FeePortal holds ${portalBalance}, its transfers say ${balance}`);
    const owed = deposited - withdrawn - released;
    this.#require(portalBalance >= owed, "INV-5", `FeePortal holds ${portalBalance} and owes ${owed}`);
    this.#require(locked === owed, "MSG-3", `FeePortal counts ${locked} wei locked, its events say ${owed}`);
    this.#require(this.#owedRelease === 0n, "INV-5", `${this.#owedRelease} wei of burnt base fees were not released`);
    for (const [account, { credited, claimed }] of this.#said) {
      const held = credits.get(account);
      const wanted = credited - claimed;
      this.#require(held === wanted, "INV-8", `${account} has ${held} credited on L1, its events say ${wanted}`);
      this.#checkCredited(account, credited);
    }
    for (const account of this.#earned.keys())
      this.#require(this.#said.has(account), "INV-8", `${account} earned and was never credited`);
  }

  onRewardCredited({ account, amount }) {
    const said = this.#said.get(account) ?? { credited: 0n, claimed: 0n };
    said.credited += amount;
    this.#said.set(account, said);
  }

  onRewardClaimed({ account, amount }) {
    const said = this.#said.get(account) ?? { credited: 0n, claimed: 0n };
    said.claimed += amount;
    this.#said.set(account, said);
    this.#require(said.claimed <= said.credited, "INV-8", `${account} claimed ${said.claimed} of ${said.credited}`);
  }

  onDeposited({ amount }) {
    this.#portal.deposited += amount;
  }

  onWithdrawn({ amount }) {
    this.#portal.withdrawn += amount;
  }

  onBaseFeesReleased({ amount }) {
    this.#portal.released += amount;
    this.#require(this.#owedRelease === amount, "INV-5", `${amount} wei released, ${this.#owedRelease} were burnt`);
    this.#owedRelease = 0n;
  }

  onTransfer({ from, to, value }, { log }) {
    if (log.address !== this.#parameters.token) return;
    if (to === this.#parameters.feePortal) this.#portal.balance += value;
    if (from === this.#parameters.feePortal) this.#portal.balance -= value;
    this.#require(this.#portal.balance >= 0n, "INV-5", "FeePortal paid more than it had");
  }

  /** INV-8: what was earned at once, and the coinbase shares of some of the account's proven blocks, each once. */
  #checkCredited(account, credited) {
    const { coinbaseShare } = this.#parameters;
    const settled = credited - (this.#earned.get(account) ?? 0n);
    const most = coinbaseShare * (this.#provenBlocks.get(account) ?? 0n);
    const fits = settled >= 0n && settled <= most && (settled === 0n || settled % coinbaseShare === 0n);
    this.#require(
      fits,
      "INV-8",
      `${account} was credited ${credited}: ${settled} more than its blocks and proofs earned`,
    );
  }
}
