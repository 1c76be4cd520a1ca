import hre, { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

/** Calls that look at the time of the next block, and those that mine it. */
const timed = new Set(["eth_estimateGas", "eth_sendTransaction", "eth_sendRawTransaction", "evm_mine"]);
const mining = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"]);
/** Whether the time of the next block is set. */
let isTimeSet = false;

const latest = async ({ provider }: Pick<NetworkConnection, "provider">) =>
  (await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })) as {
    number: string;
    timestamp: string;
  };

// The simulated L1 has no clock: a block comes a second after the last, unless a test says when. So a slow machine does
// not let slots pass.
hre.hooks.registerHandlers("network", {
  onRequest: async (context, ...[connection, request, next]) => {
    const { method } = request;
    if (timed.has(method) && !isTimeSet) {
      const { timestamp } = await latest(connection);
      await connection.provider.request({ method: "evm_setNextBlockTimestamp", params: [Number(timestamp) + 1] });
    }
    if (method === "evm_setNextBlockTimestamp") isTimeSet = true;
    if (method === "evm_revert") isTimeSet = false;
    if (!mining.has(method)) return next(context, connection, request);
    const { number } = await latest(connection);
    try {
      return await next(context, connection, request);
    } finally {
      // A transaction that reverts is mined all the same, one that is refused is not.
      if ((await latest(connection)).number !== number) isTimeSet = false;
    }
  },
});

/** One simulated L1 for the whole process; each test file takes its own snapshot through fixtures. */
export const connection = await network.create();
export const { ethers, networkHelpers } = connection;
/** The chain as the process found it. */
export const untouched = await networkHelpers.takeSnapshot();
