// What BullMQ has no command for: an agent that is late, but not too late. Both leave jobs where BullMQ looks for them.

/** A late heartbeat keeps a job that no one has taken since. KEYS lock, active, stalled; ARGV id, lease, ms. */
export const REVIVE = `
if redis.call("EXISTS", KEYS[1]) == 1 or not redis.call("LPOS", KEYS[2], ARGV[1]) then return 0 end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
redis.call("SREM", KEYS[3], ARGV[1])
return 1`;

/**
 * A correct proof ends a job no matter who holds it now, even a job that is waiting again: the job goes to the proof's
 * sender. 0 if it has ended or is gone. KEYS lock, active, stalled, wait, prioritized; ARGV id, lease, ms.
 */
export const CLAIM = `
if not redis.call("LPOS", KEYS[2], ARGV[1]) then
  if redis.call("ZREM", KEYS[5], ARGV[1]) == 0 and redis.call("LREM", KEYS[4], 0, ARGV[1]) == 0 then return 0 end
  redis.call("LPUSH", KEYS[2], ARGV[1])
end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
redis.call("SREM", KEYS[3], ARGV[1])
return 1`;
