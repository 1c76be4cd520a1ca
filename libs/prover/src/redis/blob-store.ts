import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** Inputs and proofs, each under the hash of its content, and all of an epoch together: they are forgotten at once. */
export class BlobStore {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** The blob's hash. */
  async put(epoch: number, bytes: Uint8Array): Promise<string> {
    const hash = hashOf(bytes);
    await this.redis.hset(this.#key(epoch), hash, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return hash;
  }

  /** `undefined` for one that is gone, or no longer what it was. */
  async get(epoch: number, hash: string): Promise<Uint8Array | undefined> {
    const bytes = await this.redis.hgetBuffer(this.#key(epoch), hash);
    return bytes !== null && hashOf(bytes) === hash ? Uint8Array.from(bytes) : undefined;
  }

  async remove(epoch: number, hash: string): Promise<void> {
    await this.redis.hdel(this.#key(epoch), hash);
  }

  async forget(epochs: readonly number[]): Promise<void> {
    for (const epoch of epochs) await this.redis.unlink(this.#key(epoch));
  }

  #key(epoch: number): string {
    return `${this.prefix}:blobs:${epoch}`;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
