import { isRecord } from "../host/json-http.js";
import { traitsOf } from "../installation/role.js";
import { type Check, type CheckContext, fail, type Finding, ok, skipped, warn } from "./check.js";

const ASK_MS = 5_000;
/** Blocks come with the time of a whole second, and clocks may differ a little. */
const MAX_AHEAD_SECONDS = 2;
/** Ten slots of Ethereum. */
const MAX_AGE_SECONDS = 120;
const DEFAULT_LOG_RANGE = 2_000;
const CHAIN_ID = 31_337n;

/** Looks at each endpoint by itself: the node uses any of them. */
async function each(context: CheckContext, look: (url: string) => Promise<Finding>): Promise<Finding> {
  const { role, ethereumHosts } = context.node;
  if (!traitsOf(role).l1) return skipped("does not follow L1");
  if (ethereumHosts.length === 0) return fail("ETHEREUM_HOST is missing → sprtn config --ethereum-host URL");
  const found: Finding[] = [];
  for (const url of ethereumHosts) found.push(await look(url));
  const worst = (state: Finding["state"]) => found.find(finding => finding.state === state);
  return worst("fail") ?? worst("warn") ?? (found[0] as Finding);
}

const ask = async ({ host }: CheckContext, url: string, { method, params = [] }: Asked) =>
  (await host.call(url, [{ method, params }], ASK_MS))[0];

/** A call, without parameters unless it has some. */
interface Asked {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** Its number and time, s since 1970. */
async function head(context: CheckContext, url: string): Promise<{ readonly number: number; readonly time: number }> {
  const block = await ask(context, url, { method: "eth_getBlockByNumber", params: ["latest", false] });
  if (!isRecord(block)) return { number: Number.NaN, time: Number.NaN };
  return { number: Number(block.number), time: Number(block.timestamp) };
}

const reach: Check = {
  name: "l1-reach",
  tellsUnreachable: true,
  run: async context =>
    each(context, async url => {
      await ask(context, url, { method: "eth_chainId" });
      return ok(context.node.ethereumHosts.map(host => new URL(host).host).join(", "));
    }),
};

const chain: Check = {
  name: "l1-chain",
  run: async context =>
    each(context, async url => {
      const expected = BigInt(context.node.variables.get("L1_CHAIN_ID") ?? CHAIN_ID);
      const answer = BigInt((await ask(context, url, { method: "eth_chainId" })) as string);
      return answer === expected
        ? ok(`${answer}`)
        : fail(`${new URL(url).host} serves ${answer}, expected ${expected} → sprtn config --ethereum-host URL`);
    }),
};

const synced: Check = {
  name: "l1-synced",
  run: async context =>
    each(context, async url => {
      if ((await ask(context, url, { method: "eth_syncing" })) !== false)
        return fail(`${new URL(url).host} is still synchronising → wait, or give another --ethereum-host`);
      const { number, time } = await head(context, url);
      const age = Math.round(context.host.clock.nowMs() / 1000 - time);
      if (age <= MAX_AGE_SECONDS) return ok(`block ${number}, ${Math.max(0, age)} s old`);
      return fail(`the last block of ${new URL(url).host} is ${age} s old → see that this L1 node follows its chain`);
    }),
};

const clock: Check = {
  name: "clock",
  run: async context =>
    each(context, async url => {
      const { time } = await head(context, url);
      const ahead = time - context.host.clock.nowMs() / 1000;
      if (Number.isNaN(ahead)) return fail(`${new URL(url).host} tells no block → give another --ethereum-host`);
      return ahead <= MAX_AHEAD_SECONDS
        ? ok("not behind L1")
        : fail(`this machine's clock is ${ahead.toFixed(1)} s behind L1 → let NTP set it (timedatectl set-ntp true)`);
    }),
};

const logRange: Check = {
  name: "l1-logs",
  run: async context =>
    each(context, async url => {
      const range = Number(context.node.variables.get("L1_MAX_LOG_RANGE") ?? DEFAULT_LOG_RANGE);
      const { number } = await head(context, url);
      const hex = (block: number) => `0x${Math.max(0, block).toString(16)}`;
      const address = (await context.network()).rollup;
      try {
        await ask(context, url, {
          method: "eth_getLogs",
          params: [{ fromBlock: hex(number - range + 1), toBlock: hex(number), address }],
        });
        return ok(`${range} blocks at once`);
      } catch {
        const less = `L1_MAX_LOG_RANGE=${Math.ceil(range / 4)}`;
        return warn(`${new URL(url).host} refuses logs of ${range} blocks at once → sprtn config --set ${less}`);
      }
    }),
};

const contracts: Check = {
  name: "contracts",
  run: async context =>
    each(context, async url => {
      const { rollup } = await context.network();
      const code = await ask(context, url, { method: "eth_getCode", params: [rollup, "latest"] });
      return typeof code === "string" && code !== "0x"
        ? ok(`Rollup at ${rollup}`)
        : fail(`${new URL(url).host} has no Rollup at ${rollup} → another chain, or another network's BOOTNODE_URL`);
    }),
};

/** Of L1, as the node sees it. */
export const l1Checks: readonly Check[] = [reach, chain, synced, clock, logRange, contracts];
