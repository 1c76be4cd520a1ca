import type { CircuitName } from "@sprtn/ports";
import type { Redis } from "ioredis";

/** Where a job is kept: its circuit names the queue, its epoch the blobs. */
export interface JobPlace {
  readonly id: string;
  readonly circuit: CircuitName;
  readonly epoch: number;
}

/** All jobs, by id. An entry is written before its job and removed after it: an entry without a job is harmless. */
export class JobIndex {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  async add({ id, circuit, epoch }: JobPlace): Promise<void> {
    await this.redis.hset(this.#key, id, `${epoch} ${circuit}`);
  }

  async find(id: string): Promise<JobPlace | undefined> {
    const place = await this.redis.hget(this.#key, id);
    return place === null ? undefined : placeOf(id, place);
  }

  async before(epoch: number): Promise<readonly JobPlace[]> {
    const all = Object.entries(await this.redis.hgetall(this.#key)).map(([id, place]) => placeOf(id, place));
    return all.filter(place => place.epoch < epoch);
  }

  async remove(places: readonly JobPlace[]): Promise<void> {
    if (places.length > 0) await this.redis.hdel(this.#key, ...places.map(place => place.id));
  }

  get #key(): string {
    return `${this.prefix}:jobs`;
  }
}

function placeOf(id: string, place: string): JobPlace {
  const [epoch = "", circuit = ""] = place.split(" ");
  return { id, epoch: Number(epoch), circuit: circuit as CircuitName };
}
