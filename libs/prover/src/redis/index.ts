export { RedisQueue, type RedisQueueDependencies, type RedisQueueSettings } from "./redis-queue.js";
