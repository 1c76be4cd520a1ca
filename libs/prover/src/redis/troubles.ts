import type { JobTrouble } from "@sprtn/ports";
import type { Redis } from "ioredis";
import type { JobFailure } from "../broker/broker-answers.js";
import type { JobPlace } from "./job-index.js";

/** The latest trouble of each unfinished job, for queries. */
export class Troubles {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  async set({ id, circuit, epoch }: JobPlace, { code, reason }: JobFailure): Promise<void> {
    await this.redis.hset(this.#key, id, JSON.stringify({ job: id, circuit, epoch, code, reason }));
  }

  async clear(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.redis.hdel(this.#key, ...ids);
  }

  async all(): Promise<readonly JobTrouble[]> {
    return Object.values(await this.redis.hgetall(this.#key)).map(text => JSON.parse(text) as JobTrouble);
  }

  get #key(): string {
    return `${this.prefix}:troubles`;
  }
}
