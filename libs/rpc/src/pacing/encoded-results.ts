import { LRUCache } from "lru-cache";
import * as z from "zod/mini";
import type { AnyMethod } from "../method-group.js";

/** LIMIT-23: of encoded parts that a server keeps. */
export const KEPT_BYTES = 32 * 1024 * 1024;

/** JSON of one result, in pieces that may be shared with other answers: not to be written to. */
export interface EncodedResult {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  /** Of these, the newly serialised ones. */
  readonly madeBytes: number;
}

const [OPEN, COMMA, CLOSE] = [Buffer.from("["), Buffer.from(","), Buffer.from("]")];

/**
 * Encodes what methods return. What a method declares as its `parts`, such as blocks, is encoded once and kept by its
 * key, the least recently used is forgotten; between two newly serialised ones, `pause` yields the thread.
 */
export class EncodedResults {
  readonly #kept: LRUCache<string, Buffer>;
  readonly #pause: () => Promise<void>;

  constructor(dependencies: { readonly pause: () => Promise<void> }, settings: { readonly maxBytes: number }) {
    this.#pause = dependencies.pause;
    this.#kept = new LRUCache({ maxSize: settings.maxBytes, sizeCalculation: text => text.length + 200 });
  }

  get keptBytes(): number {
    return this.#kept.calculatedSize;
  }

  /** Throws what the result's schema finds wrong. */
  async encode(method: AnyMethod, result: unknown): Promise<EncodedResult> {
    const { parts } = method;
    if (parts === undefined || result === null) {
      const text = Buffer.from(JSON.stringify(z.encode(method.result, result)));
      return { pieces: [text], bytes: text.length, madeBytes: text.length };
    }
    const list = Array.isArray(result);
    const pieces: Buffer[] = list ? [OPEN] : [];
    let madeBytes = 0;
    for (const part of list ? result : [result]) {
      const key = parts.key(part);
      let text = this.#kept.get(key);
      if (text === undefined) {
        if (madeBytes > 0) await this.#pause();
        text = Buffer.from(JSON.stringify(z.encode(parts.schema, part)));
        madeBytes += text.length;
        this.#kept.set(key, text);
      }
      if (pieces.length > 1) pieces.push(COMMA);
      pieces.push(text);
    }
    if (list) pieces.push(CLOSE);
    return { pieces, bytes: pieces.reduce((sum, piece) => sum + piece.length, 0), madeBytes };
  }
}
