export type { RedisQueueSettings } from "./redis-queue-settings.js";
export { RedisQueue, type RedisQueueDependencies } from "./redis-queue.js";
