import { BlockNumber, type EthAddress, Field, fieldToHex, type Hex, Wei } from "@sprtn/primitives";
import { callView } from "./call-view.js";
import { feePortalInterface, inboxInterface, tokenInterface } from "./contracts/interfaces.js";
import { fromAnswer } from "./endpoints/from-answer.js";
import type { L1Endpoints } from "./endpoints/l1-endpoints.js";
import { L1Error, L1ErrorCode } from "./l1-error.js";
import { gasLimits } from "./publisher/gas-limits.js";
import type { RawReceipt } from "./publisher/raw-receipt.js";
import type { TransactionRequest } from "./publisher/transaction-request.js";
import type { TransactionSender } from "./publisher/transaction-sender.js";
import type { RollupContracts } from "./rollup-contracts.js";

/** A deposit's L1→L2 message: what its L2 transaction consumes. */
export interface SentMessage {
  readonly hash: Field;
  /** Index of its leaf in the message tree. */
  readonly globalIndex: bigint;
  /** The L2 block that brings it into the state. */
  readonly blockNumber: BlockNumber;
  readonly transactionHash: Hex;
}

/** A deposit: the L2 address, the amount in wei, and the hash of the secret that claims it. */
export interface DepositRequest {
  /** L2 address credited. */
  readonly recipient: Field;
  /** Wei of the fee token, below 2^128, above 0. */
  readonly amount: bigint;
  readonly secretHash: Field;
}

/** A withdrawal in a proven block, with its place in the block's tree of messages. */
export interface WithdrawalRequest {
  readonly recipient: EthAddress;
  readonly amount: bigint;
  /**
   * The proven L2 block whose message it is, and its place in that block's out tree (spec/encoding.md "L1 messages").
   */
  readonly blockNumber: BlockNumber;
  readonly leafId: bigint;
  readonly path: readonly Field[];
}

const UNLIMITED = 2n ** 256n - 1n;

/** Moves the fee token between L1 and L2 for one key: the wallet's and the bot's side of FeePortal. */
export class L1DepositClient {
  readonly address: EthAddress;
  readonly #sender: TransactionSender;
  readonly #endpoints: L1Endpoints;
  readonly #contracts: RollupContracts;

  constructor(
    dependencies: { readonly sender: TransactionSender; readonly endpoints: L1Endpoints },
    settings: { readonly contracts: RollupContracts },
  ) {
    this.#sender = dependencies.sender;
    this.#endpoints = dependencies.endpoints;
    this.#contracts = settings.contracts;
    this.address = dependencies.sender.address;
  }

  /** Tokens on L1 of `owner`, one's own unless told. */
  async tokenBalance(owner: EthAddress = this.address): Promise<Wei> {
    return Wei((await this.#readToken("balanceOf", [owner])) as bigint);
  }

  /** Test tokens from the faucet, for oneself unless told. @throws REVERTED (Token_NoFaucet) where there is none */
  async mint(
    amount: bigint,
    options: { readonly recipient?: EthAddress; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const data = tokenInterface.encodeFunctionData("mint", [options.recipient ?? this.address, amount]);
    await this.#sender.send([{ to: this.#contracts.token, data }], options.signal);
  }

  /** Locks tokens in FeePortal and sends the message; approves the portal first if need be. */
  async deposit({ recipient, amount, secretHash }: DepositRequest, signal?: AbortSignal): Promise<SentMessage> {
    const data = feePortalInterface.encodeFunctionData("deposit", [
      fieldToHex(recipient),
      amount,
      fieldToHex(secretHash),
    ]);
    // Not estimated: a block processed in between opens another subtree, whose first message costs 20k more.
    const request: TransactionRequest = { to: this.#contracts.feePortal, data, gasLimit: gasLimits.deposit };
    const allowance = (await this.#readToken("allowance", [this.address, this.#contracts.feePortal])) as bigint;
    if (allowance >= amount) return this.#messageOf(await this.#sender.send([{ ...request, dryRun: true }], signal));
    // The deposit follows in the same group: it cannot be estimated before the approval is mined.
    const approval = {
      to: this.#contracts.token,
      data: tokenInterface.encodeFunctionData("approve", [this.#contracts.feePortal, UNLIMITED]),
    };
    return this.#messageOf(await this.#sender.send([approval, request], signal));
  }

  /** Pays out a withdrawal of a proven block to its recipient; anyone may send it. */
  async withdraw(
    { recipient, amount, blockNumber, leafId, path }: WithdrawalRequest,
    signal?: AbortSignal,
  ): Promise<{ readonly transactionHash: Hex }> {
    const data = feePortalInterface.encodeFunctionData("withdraw", [
      recipient,
      amount,
      blockNumber,
      leafId,
      path.map(fieldToHex),
    ]);
    const [receipt] = await this.#sender.send([{ to: this.#contracts.feePortal, data }], signal);
    return { transactionHash: (receipt as RawReceipt).transactionHash as Hex };
  }

  #messageOf(receipts: readonly RawReceipt[]): SentMessage {
    const receipt = receipts.at(-1) as RawReceipt;
    const log = receipt.logs.find(({ address }) => address.toLowerCase() === this.#contracts.inbox);
    const message = log && messageOf(log, receipt.transactionHash as Hex);
    if (message === undefined) {
      throw new L1Error(
        L1ErrorCode.BAD_LOG,
        `deposit ${receipt.transactionHash} left no MessageSent event: check the addresses of FeePortal and Inbox`,
        { transactionHash: receipt.transactionHash },
      );
    }
    return message;
  }

  async #readToken(name: string, args: readonly unknown[]): Promise<unknown> {
    const target = { address: this.#contracts.token, contract: tokenInterface };
    const [value] = await this.#endpoints.run(provider => callView(provider, target, { name, args }));
    return value;
  }
}

/** `undefined` for another event. */
function messageOf(log: RawReceipt["logs"][number], transactionHash: Hex): SentMessage | undefined {
  return fromAnswer(`the logs of deposit ${transactionHash}`, () => {
    const parsed = inboxInterface.parseLog(log);
    if (parsed?.name !== "MessageSent") return undefined;
    const { messageHash, globalIndex, blockNumber } = parsed.args;
    return {
      hash: Field(BigInt(messageHash as string)),
      globalIndex: globalIndex as bigint,
      blockNumber: BlockNumber(Number(blockNumber)),
      transactionHash,
    };
  });
}
