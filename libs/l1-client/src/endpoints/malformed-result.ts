import { isAddress } from "ethers";

/** What is wrong with a result, or `undefined`. */
type Check = (value: unknown, params: readonly unknown[]) => string | undefined;

/** Of a JSON-RPC object, as it came in. */
type Fields = Readonly<Record<string, unknown>>;

const MAX_SHOWN = 40;

function wrong(what: string, value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return `${what} is ${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}`;
}

const isHex = (value: unknown, bytes?: number): value is string =>
  typeof value === "string" &&
  /^0x[0-9a-f]*$/i.test(value) &&
  (bytes === undefined ? value.length % 2 === 0 : value.length === 2 + 2 * bytes);
/** Of 256 bits at most. */
const isQuantity = (value: unknown): value is string => typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value);
/** One that a double holds exactly. */
const isCount = (value: unknown): value is string => isQuantity(value) && Number.isSafeInteger(Number(value));

const check =
  (what: string, fits: (value: unknown) => boolean): Check =>
  value =>
    fits(value) ? undefined : wrong(what, value);

const quantity = check("the quantity", isQuantity);
const count = check("the number", isCount);
const bytes = check("the data", value => isHex(value));
const hash = check("the hash", value => isHex(value, 32));

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first of an object's fields that does not fit. */
function misfit(value: Fields, fits: Readonly<Record<string, (field: unknown) => boolean>>): string | undefined {
  for (const [name, fit] of Object.entries(fits)) if (!fit(value[name])) return wrong(name, value[name]);
  return undefined;
}

const isHash = (value: unknown): boolean => isHex(value, 32);
const isOptional = (fits: (value: unknown) => boolean) => (value: unknown) => value === undefined || fits(value);

const header = { number: isCount, hash: isHash, timestamp: isCount, baseFeePerGas: isOptional(isQuantity) };

const block: Check = (value, [tag]) => {
  if (value === null) return undefined;
  if (!isObject(value)) return wrong("the block", value);
  const asked = isCount(tag) ? Number(tag) : undefined;
  return (
    misfit(value, header) ??
    (asked === undefined || Number(value["number"]) === asked ? undefined : wrong("number", value["number"]))
  );
};

const isTopics = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isHash);
const content = {
  address: (value: unknown) => isAddress(value),
  topics: isTopics,
  data: (value: unknown) => isHex(value),
};
const place = {
  blockNumber: isCount,
  blockHash: isHash,
  transactionHash: isHash,
  transactionIndex: isCount,
  logIndex: isCount,
  removed: isOptional(value => typeof value === "boolean"),
};

interface LogFilter {
  readonly address?: string | readonly string[];
  readonly topics?: readonly (string | readonly string[] | null)[];
  readonly fromBlock?: unknown;
  readonly toBlock?: unknown;
}

/** Logs that fit, and that were asked for. */
const logs: Check = (value, [filter = {}]) => {
  if (!Array.isArray(value)) return wrong("the list of logs", value);
  const { address, topics = [], fromBlock, toBlock } = filter as LogFilter;
  const addresses = address === undefined ? undefined : [address].flat().map(each => each.toLowerCase());
  const wanted = topics.map(topic => (topic === null ? undefined : [topic].flat().map(each => each.toLowerCase())));
  const isWithin = (number: number) =>
    (!isCount(fromBlock) || number >= Number(fromBlock)) && (!isCount(toBlock) || number <= Number(toBlock));
  for (const log of value as readonly unknown[]) {
    if (!isObject(log)) return wrong("a log", log);
    const found = misfit(log, content) ?? misfit(log, place);
    if (found !== undefined) return `a log's ${found}`;
    const given = log as { readonly address: string; readonly topics: readonly string[]; readonly blockNumber: string };
    if (addresses?.includes(given.address.toLowerCase()) === false) return wrong("a log's address", given.address);
    if (!wanted.every((some, i) => some === undefined || some.includes(given.topics[i]?.toLowerCase() ?? "")))
      return wrong("a log's topics", given.topics);
    if (!isWithin(Number(given.blockNumber))) return wrong("a log's blockNumber", given.blockNumber);
  }
  return undefined;
};

const isStatus = (value: unknown) => isCount(value) && Number(value) <= 1;
const receiptLogs = (value: unknown) =>
  Array.isArray(value) && value.every(log => isObject(log) && misfit(log, content) === undefined);

const isAsked = (asked: unknown) => (value: unknown) =>
  isHash(value) && String(value).toLowerCase() === String(asked).toLowerCase();

const receipt: Check = (value, [asked]) => {
  if (value === null) return undefined;
  if (!isObject(value)) return wrong("the receipt", value);
  const fits = { blockNumber: isCount, gasUsed: isQuantity, status: isStatus, logs: receiptLogs };
  return misfit(value, { transactionHash: isAsked(asked), ...fits });
};

const transaction: Check = (value, [asked]) => {
  if (value === null) return undefined;
  const blockNumber = (number: unknown) => number === null || number === undefined || isCount(number);
  return isObject(value) ? misfit(value, { hash: isAsked(asked), blockNumber }) : wrong("the transaction", value);
};

/** Every method that this software asks an endpoint for. */
const checks: Readonly<Record<string, Check>> = {
  eth_blockNumber: count,
  eth_call: bytes,
  eth_chainId: quantity,
  eth_estimateGas: quantity,
  eth_gasPrice: quantity,
  eth_getBalance: quantity,
  eth_getBlockByNumber: block,
  eth_getLogs: logs,
  eth_getTransactionByHash: transaction,
  eth_getTransactionCount: count,
  eth_getTransactionReceipt: receipt,
  eth_maxPriorityFeePerGas: quantity,
  eth_sendRawTransaction: hash,
};

/**
 * What is wrong with the result of a method: a value of another kind than JSON-RPC lays down for it, or not what was
 * asked for. `undefined` for one that can be worked with.
 */
export function malformedResult(method: string, params: readonly unknown[], result: unknown): string | undefined {
  return Object.hasOwn(checks, method) ? checks[method]?.(result, params) : undefined;
}
