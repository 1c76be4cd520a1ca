// Everything that a deployment's contracts have said, in the order of L1, with the calldata of proposals.
import { Contract, getAddress } from "ethers";
import { abi } from "./abi.mjs";

const RANGE = 500;

export async function readParameters(provider, rollupAddress) {
  const rollup = new Contract(rollupAddress, abi, provider);
  const read = async names =>
    Object.fromEntries(await Promise.all(names.map(async name => [name, await rollup[name]()])));
  const numbers = await read([
    "genesisTime",
    "slotDuration",
    "epochDuration",
    "committeeSize",
    "proposalLateness",
    "proofWindow",
    "challengeWindow",
    "l2GasTarget",
    "daGasTarget",
    "pendingReward",
    "proverShare",
    "coinbaseShare",
    "rollupVersion",
    "provingRight",
  ]);
  const peers = await read(["validatorRegistry", "availabilityOracle", "inbox", "outbox", "feePortal", "token"]);
  const { chainId } = await provider.getNetwork();
  return { ...numbers, ...peers, rollup: getAddress(rollupAddress), chainId };
}

/** `[{ name, args, log, block, transaction? }]` up to `head`; blocks have number, timestamp and prevrandao. */
export async function readEvents(provider, parameters, { from, head }) {
  const { rollup, validatorRegistry, availabilityOracle, inbox, outbox, feePortal, token } = parameters;
  const address = [rollup, validatorRegistry, availabilityOracle, inbox, outbox, feePortal, token];
  const blocks = new Map();
  const events = [];
  for (let at = from; at <= head; at += RANGE) {
    const logs = await provider.getLogs({ address, fromBlock: at, toBlock: Math.min(at + RANGE - 1, head) });
    for (const log of logs) {
      const parsed = abi.parseLog(log);
      if (parsed === null) continue;
      if (!blocks.has(log.blockNumber)) blocks.set(log.blockNumber, await readBlock(provider, log.blockNumber));
      const event = { name: parsed.name, args: parsed.args, log, block: blocks.get(log.blockNumber) };
      if (parsed.name === "L2PendingBlockProcessed" || parsed.name === "L2ProvenBlockProcessed")
        event.transaction = await provider.getTransaction(log.transactionHash);
      events.push(event);
    }
  }
  return events;
}

async function readBlock(provider, number) {
  const block = await provider.send("eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
  return { number, timestamp: BigInt(block.timestamp), prevrandao: BigInt(block.mixHash) };
}
