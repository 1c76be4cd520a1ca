// The local network: time to the first pending block, and ten public transfers a second held for five minutes by four
// validators with simulated proofs. Linux: it reads /proc.
import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { npmStart, startNetwork } from "./lib/local-network.mjs";

export const title = "local network (four validators, a prover node, a bot, anvil)";
const RATE = 10;
const SLOT_SECONDS = 8;
const GIB = 1024;

export async function* run({ small }) {
  yield {
    name: "npm start to the first pending block",
    value: await firstBlockSeconds(),
    unit: "s",
    target: 15,
    lower: true,
    note: load(),
  };
  yield* loadFigures(small ? 40 : 300);
}

const load = () => `load average ${loadavg()[0].toFixed(1)}`;

async function firstBlockSeconds() {
  const began = performance.now();
  const network = startNetwork({}, npmStart);
  try {
    while ((await network.pendingBlock()) < 1) {
      if (performance.now() - began > 120_000) throw new Error("no block within two minutes");
      await delay(50);
    }
    return (performance.now() - began) / 1000;
  } finally {
    await network.stop();
  }
}

async function* loadFigures(seconds) {
  const network = startNetwork({
    LOCAL_SIMULATED_PROOFS: "true",
    BOT_SCHEDULE: `${RATE}:${seconds}`,
    BOT_PRIVATE_SHARE: "0",
  });
  let stopped;
  try {
    await network.line(/the bot's accounts are funded/, 180_000);
    const before = { ...network.processes(), at: performance.now(), block: await network.pendingBlock() };
    const during = delay(1000 * seconds).then(async () => ({
      ...network.processes(),
      at: performance.now(),
      block: await network.pendingBlock(),
    }));
    await network.line(/the bot has finished its schedule/, 1000 * (seconds + 120));
    const after = await during;
    const outcomes = await network.metric("sprtn_bot_txs_total", "outcome");
    const sum = Object.values(outcomes).reduce((a, b) => a + b, 0);
    const wall = (after.at - before.at) / 1000;
    yield {
      name: `public transfers that came to pending, over ${seconds} s`,
      value: (outcomes.reached ?? 0) / seconds,
      unit: "tx/s",
      target: RATE - 0.05,
      note: `${JSON.stringify(outcomes)}; ${load()}`,
    };
    yield {
      name: "not pending in the end: lost, dropped, refused, reverted, skipped",
      value: sum - (outcomes.reached ?? 0),
      unit: "txs",
      target: 0,
      lower: true,
    };
    yield {
      name: "blocks",
      value: after.block - before.block,
      unit: "blocks",
      target: Math.floor(wall / SLOT_SECONDS) - 1,
      note: `${wall.toFixed(0)} s, slots of ${SLOT_SECONDS} s`,
    };
    const end = network.processes();
    yield {
      name: "resident, node process, highest",
      value: end.node.peakMiB,
      unit: "MiB",
      target: 1.5 * GIB,
      lower: true,
      note: `${end.node.rssMiB.toFixed(0)} at the end`,
    };
    yield { name: "resident, anvil, highest", value: end.anvil.peakMiB, unit: "MiB" };
    for (const who of ["node", "anvil"]) {
      const cpu = after[who].cpuSeconds - before[who].cpuSeconds;
      yield {
        name: `CPU, ${who} process`,
        value: cpu / wall,
        unit: "cores",
        note: `${((1000 * cpu) / (RATE * seconds)).toFixed(1)} ms a tx`,
      };
    }
    const trouble = [...network.lines("warn"), ...network.lines("error")];
    yield {
      name: "warnings and errors logged",
      value: trouble.length,
      unit: "lines",
      ...(trouble.length === 0 ? {} : { note: trouble.slice(0, 5).join(" | ") }),
    };
  } finally {
    stopped = await network.stop();
  }
  yield {
    name: "SIGINT to the end of the process",
    value: stopped.seconds,
    unit: "s",
    target: 5,
    lower: true,
    note: `exit ${stopped.code}`,
  };
}
