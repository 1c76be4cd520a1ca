import type { Logger } from "@sprtn/ports";
import { ProverError, ProverErrorCode } from "../prover-error.js";

const OLDEST = [6, 2] as const;

/** Whether what a Redis says of itself (INFO) lets it keep a queue. @throws ProverError QUEUE_UNFIT */
export function requireFit(info: string, logger: Logger): void {
  const fields = new Map(info.split(/\r?\n/).map(line => line.split(":", 2) as [string, string | undefined]));
  const version = fields.get("redis_version") ?? "0";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw unfit(`Redis ${version} is too old: install ${OLDEST.join(".")} or later`);
  const policy = fields.get("maxmemory_policy") ?? "unknown";
  if (policy !== "noeviction")
    throw unfit(
      `Redis may evict jobs (maxmemory-policy ${policy}): set "maxmemory-policy noeviction" in redis.conf, or ` +
        "redis-cli CONFIG SET maxmemory-policy noeviction",
    );
  if (fields.get("aof_enabled") !== "1")
    logger.warn(
      'Redis may lose finished proofs when it restarts, and they would have to be made again: set "appendonly yes" ' +
        "in redis.conf",
    );
}

function unfit(text: string): ProverError {
  return new ProverError(ProverErrorCode.QUEUE_UNFIT, text);
}
