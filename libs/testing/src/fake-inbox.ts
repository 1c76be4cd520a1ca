import { type BlockNumber, Field, toHex, uintToBytes } from "@sprtn/primitives";
import type { FundingMessage, FundingRequest } from "@sprtn/ports";
import { type ChainIdentity, constants, hashL1ToL2Message } from "@sprtn/protocol";

/** The messages of an L1 that takes deposits, one subtree of them for each L2 block. */
export class FakeInbox {
  readonly #messages: Field[] = [];

  constructor(private readonly settings: { readonly identity: ChainIdentity }) {}

  /** Puts a deposit's message in the first subtree that is open while the L2 chain's tip is at `tip`. */
  deposit(request: FundingRequest, tip: BlockNumber): FundingMessage {
    // The next subtree that is open still: the one two blocks after the tip.
    const firstOpen = constants.MESSAGES_PER_BLOCK * (tip + constants.MESSAGE_LAG_BLOCKS);
    while (this.#messages.length < firstOpen) this.#messages.push(Field(0));
    const globalIndex = BigInt(this.#messages.length);
    const messageHash = hashL1ToL2Message(this.settings.identity, { ...request, globalIndex });
    this.#messages.push(messageHash);
    return { ...request, messageHash, globalIndex, l1Transaction: toHex(uintToBytes(globalIndex + 1n, 32)) };
  }

  /** A message's place in the message tree. */
  indexOf(messageHash: Field): bigint | undefined {
    const index = this.#messages.indexOf(messageHash);
    return index < 0 ? undefined : BigInt(index);
  }

  /** What a block inserts. */
  ofBlock(number: BlockNumber): readonly Field[] {
    const from = constants.MESSAGES_PER_BLOCK * (number - 1);
    return this.#messages.slice(from, from + constants.MESSAGES_PER_BLOCK).filter(message => message !== 0n);
  }
}
