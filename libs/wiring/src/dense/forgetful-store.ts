import type { KvStore } from "@sprtn/ports";

/**
 * Keeps nothing: for pools of validators that nobody has handed a transaction. What they hold is in memory already, and
 * the same in every pool of the process.
 */
export const forgetfulStore: KvStore = {
  get: () => undefined,
  getMany: keys => keys.map(() => undefined),
  write: async () => {},
  entries: async function* () {},
  close: async () => {},
};
