// What the observer read of a deployment, as a file: its tests tamper with it.
import { readFileSync, writeFileSync } from "node:fs";
import { abi } from "./abi.mjs";

const replacer = (_, value) => (typeof value === "bigint" ? { bigint: String(value) } : value);
const reviver = (_, value) => (typeof value?.bigint === "string" ? BigInt(value.bigint) : value);

const plainArgs = ({ name, args }) =>
  Object.fromEntries(
    abi.getEvent(name).inputs.map((input, i) => [input.name, Array.isArray(args[i]) ? [...args[i]] : args[i]]),
  );

export function writeRecord(path, { parameters, genesis, events, end }) {
  const { pending, proven } = end.tips;
  const record = {
    parameters,
    genesis,
    events: events.map(event => ({
      name: event.name,
      args: plainArgs(event),
      block: event.block,
      log: { address: event.log.address, blockNumber: event.log.blockNumber },
      ...(event.transaction ? { transaction: { from: event.transaction.from, data: event.transaction.data } } : {}),
    })),
    end: { ...end, tips: { pending, proven }, credits: [...end.credits] },
  };
  writeFileSync(path, `${JSON.stringify(record, replacer)}\n`);
}

export function readRecord(path) {
  const record = JSON.parse(readFileSync(path, "utf8"), reviver);
  return { ...record, end: { ...record.end, credits: new Map(record.end.credits) } };
}
