import { Bytes32, codeOf, EthAddress, type Hex } from "@sprtn/primitives";
import { computeAddress, keccak256, SigningKey, toQuantity, Transaction } from "ethers";
import { DeploymentErrorCode } from "./deployment-error.js";
import type { Attempt } from "./journal.js";
import { type L1Requests, quantityOf } from "./l1-requests.js";
import type { StepCall } from "./planned-step.js";

export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** No transaction may have more (EIP-7825). */
const MOST_GAS = 2n ** 24n;
/** An initialization takes 70k. An estimate would see no contract at the address yet. */
const CALL_GAS = 500_000n;

/** The deployer's key: prices and signs. */
export class DeployerAccount {
  readonly address: EthAddress;
  readonly #key: SigningKey;
  readonly #l1: L1Requests;

  constructor(dependencies: { readonly l1: L1Requests }, settings: { readonly key: Bytes32 }) {
    this.#l1 = dependencies.l1;
    this.#key = new SigningKey(settings.key);
    this.address = EthAddress(computeAddress(this.#key));
  }

  /** The nonce of the next transaction that L1 will include. */
  async nextNonce(): Promise<number> {
    return this.#l1.number("eth_getTransactionCount", this.address, "latest");
  }

  async balance(): Promise<bigint> {
    return this.#l1.quantity("eth_getBalance", this.address, "latest");
  }

  /** Room for the base fee to double. */
  async fees(): Promise<Fees> {
    const tip = await this.#l1.quantity("eth_maxPriorityFeePerGas");
    const baseFee = await this.#l1.ask("eth_getBlockByNumber", ["latest", false], block =>
      quantityOf((block as { readonly baseFeePerGas?: unknown }).baseFeePerGas),
    );
    return { maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip };
  }

  /**
   * `callGas` for a call, that of an initialization unless told. A creation is estimated where that works;
   * one whose constructor calls contracts that are not there yet gets what
   * its size calls for.
   */
  async gasLimit({ to, data }: StepCall, callGas = CALL_GAS): Promise<bigint> {
    if (to !== null) return callGas;
    const bytes = BigInt((data.length - 2) / 2);
    try {
      const estimate = await this.#l1.quantity("eth_estimateGas", { from: this.address, data });
      return smaller((estimate * 5n) / 4n);
    } catch (error) {
      if (codeOf(error) !== DeploymentErrorCode.L1_FAILED) throw error;
      return smaller(2_500_000n + 260n * bytes);
    }
  }

  sign(call: StepCall, options: { readonly nonce: number; readonly gasLimit: bigint; readonly fees: Fees }): Attempt {
    const { nonce, gasLimit, fees } = options;
    const transaction = Transaction.from({
      type: 2,
      chainId: this.#l1.chainId,
      nonce,
      to: call.to,
      data: call.data,
      gasLimit,
      ...fees,
    });
    transaction.signature = this.#key.sign(transaction.unsignedHash);
    return { hash: Bytes32(keccak256(transaction.serialized)), raw: transaction.serialized as Hex };
  }

  /** The same transaction for a quarter more than before, or for what the market asks if that is more. */
  async signAgain(raw: Hex): Promise<Attempt> {
    const { to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw);
    const market = await this.fees();
    const raised = (fee: bigint | null, least: bigint) =>
      ((fee ?? 0n) * 5n) / 4n + 1n > least ? ((fee ?? 0n) * 5n) / 4n + 1n : least;
    const fees = {
      maxFeePerGas: raised(maxFeePerGas, market.maxFeePerGas),
      maxPriorityFeePerGas: raised(maxPriorityFeePerGas, market.maxPriorityFeePerGas),
    };
    return this.sign({ to: to === null ? null : EthAddress(to), data }, { nonce, gasLimit, fees });
  }

  /**
   * Runs a mined transaction's call again before its block, to learn why it reverted: the revert's data, if there is
   * any.
   */
  async whyReverted(raw: Hex, blockNumber: number): Promise<string | undefined> {
    const { to, data, gasLimit } = Transaction.from(raw);
    try {
      await this.#l1.send(
        "eth_call",
        { from: this.address, ...(to === null ? {} : { to }), data, gas: toQuantity(gasLimit) },
        toQuantity(blockNumber - 1),
      );
      return undefined;
    } catch (error) {
      return (error as { payload?: { reason?: string } }).payload?.reason;
    }
  }
}

const smaller = (gas: bigint) => (gas < MOST_GAS ? gas : MOST_GAS);
