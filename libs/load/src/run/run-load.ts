import type { Clock, FeedReader, L1Funding, Logger, NodeApi, PreparingWallet } from "@sprtn/ports";
import { codeOf, type EthAddress, type Field } from "@sprtn/primitives";
import { isAbortError, SeededRandom, sleep } from "@sprtn/runtime";
import { drawArrivals } from "../arrivals/draw-arrivals.js";
import { fundAccounts } from "../funding/fund-accounts.js";
import { planFunding } from "../funding/plan-funding.js";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { LatencyBook } from "../measure/latencies.js";
import type { LoadReport } from "../report/load-report.js";
import type { Scenario } from "../scenario/scenario.js";
import { spanMs } from "../scenario/span.js";
import { ChainWatch } from "../watch/chain-watch.js";
import { NodeWatch } from "../watch/node-watch.js";
import { buildReport, type Surroundings } from "./build-report.js";
import type { FaultControl } from "./fault-control.js";
import { FaultSchedule } from "./fault-schedule.js";
import { LoadLedger } from "./load-ledger.js";
import { NodeSamples } from "./node-samples.js";
import { PaymentSender } from "./payment-sender.js";
import { settleReceipts } from "./settle-receipts.js";
import { TxTracker } from "./tx-tracker.js";

/** A node that the load goes to or that is watched. */
export interface LoadNode {
  readonly name: string;
  readonly url: string;
  readonly reader: FeedReader;
  readonly api: Pick<NodeApi, "getNodeInfo" | "getBlocks" | "getTxReceipt">;
}

/** What a run pays with, the nodes that it pays and watches, and what breaks them. */
export interface RunLoadDependencies {
  /** With as many accounts as the scenario says. */
  readonly wallet: PreparingWallet;
  /** Pays for the accounts. */
  readonly l1: L1Funding;
  readonly nodes: readonly LoadNode[];
  /** What each payment asks; also tells the fees of the moment. */
  readonly node: Pick<NodeApi, "getBaseFees" | "getBlocks" | "getTxReceipt" | "getCurrentSlot">;
  readonly faults: FaultControl;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 99th percentile of how late this process's event loop was since the last call, ms. */
  readonly loopLag: () => number;
}

/** What is run, where, and who hears how it goes. */
export interface RunLoadOptions {
  readonly scenario: Scenario;
  readonly surroundings: Surroundings;
  readonly withdrawTo: EthAddress;
  /** Called about once a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Where a run is. */
export interface LoadProgress {
  readonly phase: "funding" | "warmup" | "load" | "drain";
  /** ms since the first payment that counts was due; negative before. */
  readonly atMs: number;
  readonly offeredMs: number;
  readonly asked: number;
  readonly due: number;
  readonly sent: number;
  readonly open: number;
  readonly failed: number;
  readonly latency: LatencyBook;
}

/** Payments are made this long before they are due. */
export const PREPARED_AHEAD_MS = 60_000;
const PROGRESS_MS = 1_000;
/** What dropped is asked for this often. */
const RECEIPTS_MS = 10_000;
/** Between funding and the first payment: the first ones are made meanwhile. */
const LEAD_MS = 3_000;
/** A process that is later than this measures itself. */
const MAX_LAG_MS = 200;

/**
 * A load test from funding to its report. A signal ends it early: what was measured is in the report all the same.
 * @throws LoadError OTHER_NETWORK, NOT_FUNDED, FAULT_FAILED before the load begins
 */
export async function runLoad(
  dependencies: RunLoadDependencies,
  { scenario, surroundings, withdrawTo, onProgress }: RunLoadOptions,
  signal: AbortSignal,
): Promise<LoadReport> {
  const { wallet, nodes, node, faults, clock, logger, loopLag } = dependencies;
  const [first] = nodes as readonly [LoadNode, ...LoadNode[]];
  const info = await first.api.getNodeInfo();
  if (scenario.proofs === "simulated" && info.proofMode !== "simulated")
    throw new LoadError(
      LoadErrorCode.OTHER_NETWORK,
      "the scenario wants simulated proofs, and this network verifies real ones: give `proofs: ahead`, or another " +
        "network",
    );
  for (const fault of scenario.faults) await faults.check(fault);

  const { slotDuration, epochDuration, genesisTime } = info.parameters;
  const rules = { slotDuration, epochDuration };
  const arrivals = drawArrivals(scenario, rules);
  const watching = new AbortController();
  const tracker = new TxTracker();
  const latencies = new LatencyBook();
  const samples = new NodeSamples();
  let sender: PaymentSender | undefined;
  const firstSlot = Math.max(0, Math.floor((clock.nowMs() / 1_000 - genesisTime) / slotDuration));
  const chain = new ChainWatch(
    { clock, logger, node },
    {
      rules: { ...rules, genesisTime },
      firstSlot,
      listener: {
        onBlock: block => {
          tracker.onBlock(block);
          void wallet
            .sync(watching.signal)
            .then(() => sender?.onBlock())
            .catch((error: unknown) => {
              if (!isAbortError(error)) logger.debug("the wallet could not read a block yet", { code: codeOf(error) });
            });
        },
        onRemoved: hash => tracker.onRemoved(hash),
        onTip: (name, number, at) => tracker.onTip(name, number, at),
      },
    },
  );
  const watches = nodes.map(({ name, reader }) => {
    const watch: NodeWatch = new NodeWatch(
      { name, reader, clock, logger },
      {
        onState: state => {
          chain.onState(state, ms => watch.steady(ms), watching.signal);
          samples.onState(name, state);
        },
        onChange: (change, state, atMs) => {
          chain.onChange(change, state, { atMs, steady: ms => watch.steady(ms), signal: watching.signal });
          samples.onState(name, state);
        },
      },
    );
    return watch;
  });
  const following = watches.map(watch => watch.run(watching.signal));
  try {
    const goal = planFunding(arrivals, { wallets: scenario.wallets, slotDuration, baseFees: await node.getBaseFees() });
    // What no node knows never arrived. One that does not answer says nothing.
    const isGone = (hash: Field) =>
      node.getTxReceipt(hash).then(
        ({ stage }) => stage === "dropped" || stage === "unknown",
        () => false,
      );
    const funding = await fundAccounts({ wallet, l1: dependencies.l1, tracker, clock, logger, isGone }, goal, signal);
    logger.info("the accounts are funded", { ...funding });

    const startAt = clock.steadyMs() + arrivals.warmupMs + LEAD_MS;
    const startedAt = new Date(clock.nowMs() + arrivals.warmupMs + LEAD_MS).toISOString();
    const { until } = scenario.drain;
    const ledger = new LoadLedger(latencies, { arrivals, startAt, until });
    const random = new SeededRandom(scenario.seed).fork("amounts");
    const isReal = info.proofMode === "real";
    sender = new PaymentSender({ wallet, tracker, clock, logger, random }, ledger.payments, {
      aheadMs: scenario.proofs === "inline" ? 0 : PREPARED_AHEAD_MS,
      makers: isReal ? 1 : 4,
      maxAmount: goal.maxAmount,
      withdrawTo,
    });
    samples.start(startAt);
    loopLag();
    const schedule = new FaultSchedule({ control: faults, clock, logger }, { faults: scenario.faults, rules, startAt });
    const ending = new AbortController();
    const ended = AbortSignal.any([signal, ending.signal]);
    const breaking = schedule.run(ended);
    const sending = sender.run(ended);
    const offeredEnd = startAt + arrivals.offeredMs;
    const lastAt = offeredEnd + spanMs(scenario.drain.atMost, rules);
    let lag = 0;
    let askedReceiptsAt = clock.steadyMs();
    let sent = false;
    void sending.then(() => (sent = true));
    try {
      for (;;) {
        const now = clock.steadyMs();
        samples.take(now);
        const open = ledger.open();
        const isOver = now >= offeredEnd;
        onProgress?.({
          phase: now < startAt ? "warmup" : isOver ? "drain" : "load",
          atMs: now - startAt,
          offeredMs: arrivals.offeredMs,
          asked: arrivals.rateAt(now - startAt),
          ...ledger.progress(now),
          open: open.length,
          latency: latencies,
        });
        if (now < offeredEnd) lag = Math.max(lag, loopLag());
        if (now - askedReceiptsAt >= RECEIPTS_MS) {
          askedReceiptsAt = now;
          await settleReceipts({ node, tracker }, open, { olderThan: now - 2 * slotDuration * 1_000 });
        }
        if ((isOver && sent && open.length === 0 && sender.underWay === 0) || now >= lastAt) break;
        await sleep(clock, PROGRESS_MS, signal);
      }
    } catch (error) {
      if (!isAbortError(error)) throw error;
      logger.warn("the run was stopped: the report covers what was measured");
    } finally {
      ending.abort();
      await sending;
      await breaking;
    }
    const wasStopped = signal.aborted;
    if (!wasStopped) await chain.settled();
    await settleReceipts({ node, tracker }, ledger.open(), { olderThan: Infinity, isEnd: true }).catch(() => {});
    return buildReport(scenario, surroundings, {
      arrivals,
      ledger,
      latencies,
      slots: chain.slots(),
      samples,
      faults: schedule.records,
      funding,
      startAt,
      startedAt,
      endAt: clock.steadyMs(),
      info,
      nodes: nodes.map(({ name, url }, i) => ({ name, url, state: watches[i]?.state })),
      rules,
      lagMs: lag,
      maxLagMs: MAX_LAG_MS,
      wasStopped,
    });
  } finally {
    watching.abort();
    await Promise.all(following);
  }
}
