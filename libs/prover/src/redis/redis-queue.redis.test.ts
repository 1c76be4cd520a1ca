import { RedisServer } from "@sprtn/testing/redis";
import { Redis } from "ioredis";
import { openRedisQueue } from "../test/open-redis-queue.js";
import { type OpenedQueue, queueCompliance } from "../test/queue-compliance.js";
import { waitFor } from "../test/wait-for.js";

describe("BullMQ on Redis", () => {
  let server: RedisServer;
  let admin: Redis;
  let networks = 0;

  before(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.url);
  });

  after(async () => {
    admin?.disconnect();
    await server?.kill();
  });

  type Settings = { readonly attempts: number; readonly lostLeases: number };

  async function open(settings: Settings, network = `n${networks++}`): Promise<OpenedQueue> {
    const { queue, ...parts } = await openRedisQueue({ url: server.url, network, ...settings });
    const status = async () => {
      await queue.refresh();
      return queue.status();
    };
    return {
      queue,
      ...parts,
      status,
      expire: async () => {
        const locks = await admin.keys(`*${network}}*:lock`);
        if (locks.length > 0) await admin.del(locks);
        await waitFor("leases to be given up", async () => (await status()).leased === 0);
      },
      reopen: () => open(settings, network),
      close: () => queue.close(),
    };
  }

  queueCompliance("RedisQueue", settings => open(settings));
});
