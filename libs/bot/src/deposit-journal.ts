import { codeOf, concatBytes, Field, fieldToBytes, fromHex, messageOf, toHex } from "@sprtn/primitives";
import type { FundingMessage, KvStore, Logger } from "@sprtn/ports";

export interface DepositJournalDependencies {
  /** Without it, deposits are remembered until the process ends. */
  readonly store: KvStore | undefined;
  readonly logger: Logger;
}

const PREFIX = Uint8Array.of(1);
const END = Uint8Array.of(2);

/** Deposits that L1 has and that are not claimed yet: L2-AZT that would stay behind if it were forgotten. */
export class DepositJournal {
  readonly #open = new Map<Field, FundingMessage>();
  #loaded: Promise<void> | undefined;

  readonly #dependencies: DepositJournalDependencies;

  constructor(dependencies: DepositJournalDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Those for an account, oldest first.
   * @throws what the store throws
   */
  async openFor(recipient: Field): Promise<readonly FundingMessage[]> {
    this.#loaded ??= this.#load();
    try {
      await this.#loaded;
    } catch (error) {
      // Read again the next time: a store that failed once is not lost.
      this.#loaded = undefined;
      throw error;
    }
    return [...this.#open.values()]
      .filter(message => message.recipient === recipient)
      .toSorted((a, b) => (a.globalIndex < b.globalIndex ? -1 : 1));
  }

  /**
   * On disk when this resolves.
   * @throws what the store throws
   */
  async put(message: FundingMessage): Promise<void> {
    this.#open.set(message.messageHash, message);
    const value = encode(message);
    await this.#dependencies.store?.write([{ type: "put", key: keyOf(message), value }], { sync: true });
  }

  async remove(message: FundingMessage): Promise<void> {
    this.#open.delete(message.messageHash);
    await this.#dependencies.store?.write([{ type: "del", key: keyOf(message) }]);
  }

  async #load(): Promise<void> {
    for await (const [, value] of this.#dependencies.store?.entries({ gte: PREFIX, lt: END }) ?? []) {
      try {
        const message = decode(value);
        this.#open.set(message.messageHash, message);
      } catch (error) {
        this.#dependencies.logger.warn("a saved deposit cannot be read, so it will not be claimed", {
          code: codeOf(error),
          error: messageOf(error),
        });
      }
    }
  }
}

const keyOf = ({ messageHash }: FundingMessage) => concatBytes(PREFIX, fieldToBytes(messageHash));

/** JSON: five numbers in decimal, and the L1 transaction. */
function encode({
  recipient,
  amount,
  secretHash,
  messageHash,
  globalIndex,
  l1Transaction,
}: FundingMessage): Uint8Array {
  const numbers = [recipient, amount, secretHash, messageHash, globalIndex].map(String);
  return new TextEncoder().encode(JSON.stringify([...numbers, l1Transaction]));
}

function decode(bytes: Uint8Array): FundingMessage {
  const [recipient, amount, secretHash, messageHash, globalIndex, l1Transaction] = JSON.parse(
    new TextDecoder().decode(bytes),
  ) as readonly string[];
  return {
    recipient: Field(BigInt(recipient ?? "")),
    amount: BigInt(amount ?? ""),
    secretHash: Field(BigInt(secretHash ?? "")),
    messageHash: Field(BigInt(messageHash ?? "")),
    globalIndex: BigInt(globalIndex ?? ""),
    l1Transaction: toHex(fromHex(l1Transaction ?? "")),
  };
}
