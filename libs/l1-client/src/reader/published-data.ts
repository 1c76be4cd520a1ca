import { concatBytes, fromHex, sha256ToField } from "@sprtn/primitives";
import type { Log } from "ethers";
import { oracleInterface } from "../contracts/interfaces.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { eventTopic, readLog } from "./parsed-log.js";

export type PublishedKind = "HeaderPublished" | "EffectsPublished" | "EffectsCombined";

/** Finds the last log of `kind` for a hash, at or before an L1 block, that an earlier transaction left (PEND-5). */
export type FindPublished = (kind: PublishedKind, hash: string, atOrBefore: number) => Promise<Log | undefined>;

const EMPTY_HASH = `0x${"00".repeat(32)}`;

/**
 * Headers and effects by their hashes. It does not matter who published them: the contract computed the hash, so equal
 * hashes are equal bytes.
 */
export class PublishedData {
  readonly #find: FindPublished;
  readonly #logs = new Map<string, Log>();

  constructor(dependencies: { readonly find: FindPublished }) {
    this.#find = dependencies.find;
  }

  /** Takes a log of the availability oracle; its first topic says which kind, its second which hash. */
  add(log: Log): void {
    this.#logs.set(`${log.topics[0]} ${log.topics[1]}`, log);
  }

  /** @throws BAD_LOG when L1 never published it, BAD_ANSWER for other bytes */
  async header(headerHash: string, atOrBefore: number): Promise<Uint8Array> {
    const log = await this.#require("HeaderPublished", headerHash, atOrBefore);
    const header = readLog(oracleInterface, log, ({ args }) => fromHex(args.header as string));
    // The contract hashed it: other bytes are not what L1 holds.
    if (sha256ToField(header) === BigInt(headerHash)) return header;
    throw new L1Error(
      L1ErrorCode.BAD_ANSWER,
      `an L1 endpoint returned a header for ${headerHash} that has a different hash: use another endpoint`,
      { expected: headerHash },
    );
  }

  /** The effects behind `effectsHash`, chunks put together. @throws BAD_LOG when L1 never published them */
  async effects(effectsHash: string, atOrBefore: number): Promise<Uint8Array> {
    // No event stands for the effects of a block without transactions.
    if (effectsHash === EMPTY_HASH) return new Uint8Array();
    const combined = this.#known("EffectsCombined", effectsHash);
    if (!combined) return this.#whole(effectsHash, atOrBefore);
    const roots = readLog(oracleInterface, combined, ({ args }) => [...(args.chunkRoots as Iterable<string>)]);
    return concatBytes(...(await Promise.all(roots.map(root => this.#whole(root, atOrBefore)))));
  }

  async #whole(effectsHash: string, atOrBefore: number): Promise<Uint8Array> {
    const log = await this.#require("EffectsPublished", effectsHash, atOrBefore);
    return readLog(oracleInterface, log, ({ args }) => fromHex(args.effects as string));
  }

  #known(kind: PublishedKind, hash: string): Log | undefined {
    return this.#logs.get(`${eventTopic(oracleInterface, kind)} ${hash}`);
  }

  async #require(kind: PublishedKind, hash: string, atOrBefore: number): Promise<Log> {
    const log = this.#known(kind, hash) ?? (await this.#find(kind, hash, atOrBefore));
    if (!log)
      throw new L1Error(
        L1ErrorCode.BAD_LOG,
        `L1 accepted a block whose ${kind} event (${hash}) is missing: check the start block and the endpoint`,
        { expected: `${kind} ${hash}` },
      );
    this.add(log);
    return log;
  }
}
