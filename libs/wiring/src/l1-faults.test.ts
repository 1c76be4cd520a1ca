import { Archiver } from "@sprtn/archiver";
import { EthersL1Reader, L1Endpoints } from "@sprtn/l1-client";
import { type FaultMode, faultModes, FaultyL1, ServedL1 } from "@sprtn/l1-client/faulty-l1";
import { L1BlockNumber } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import {
  FakeKvStore,
  FakeL1,
  FakeRollup,
  FakeStateStore,
  type LogLine,
  MemoryLogger,
  RecordingMeter,
} from "@sprtn/testing";
import { hashHeader } from "@sprtn/protocol";
import { expect } from "chai";
import { inStep, readinessOf } from "./readiness.js";

/** Of L1's blocks, s. */
const SLOT_SECONDS = 12;
/** By the node's clock, which advances while a request is left unanswered. */
const REQUEST_TIMEOUT_MS = 1000;

/** A node's archiver on everything that is between it and L1: reader, endpoints, HTTP, and an endpoint with faults. */
class FaultyNode {
  readonly log = new MemoryLogger();
  readonly clock = new ManualClock();
  readonly store = new FakeKvStore();
  readonly meter = new RecordingMeter();
  readonly rollup: FakeRollup;
  readonly faulty: FaultyL1;
  readonly archiver: Archiver;
  readonly endpoints: L1Endpoints;

  private constructor(
    readonly parts: { readonly rollup: FakeRollup; readonly served: ServedL1; readonly faulty: FaultyL1 },
    { second }: { readonly second: boolean },
  ) {
    const { rollup, served, faulty } = parts;
    this.rollup = rollup;
    this.faulty = faulty;
    const { deployment, l1 } = rollup;
    this.clock.advanceSync((1_700_000_000 + l1.headNumber * SLOT_SECONDS) * 1000);
    const { clock, log: logger } = this;
    this.endpoints = new L1Endpoints(
      { clock, logger },
      {
        urls: second ? [faulty.url, served.url] : [faulty.url],
        chainId: deployment.chainId,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        maxLogRange: 8,
        maxHeadAgeMs: 10 * SLOT_SECONDS * 1000,
      },
    );
    const { header, archive } = deployment.genesis;
    const genesis = { header, headerHash: hashHeader(header), archive, effects: [] };
    this.archiver = new Archiver(
      {
        l1: new EthersL1Reader(
          { endpoints: this.endpoints },
          { contracts: deployment.contracts, startBlock: L1BlockNumber(deployment.l1StartBlock) },
        ),
        store: this.store,
        state: FakeStateStore.atGenesis(genesis),
        clock,
        logger,
        meter: this.meter,
        deployment,
      },
      { pollingIntervalMs: 3_600_000, l1RangeBlocks: 50 },
    );
  }

  /** Optionally with a second endpoint without faults. */
  static async start({ second = false } = {}): Promise<FaultyNode> {
    const rollup = new FakeRollup(new FakeL1({ blockSeconds: SLOT_SECONDS }));
    const { chainId, contracts } = rollup.deployment;
    const served = await ServedL1.start(rollup.l1, { chainId, contracts });
    const faulty = await FaultyL1.start(served.url);
    const node = new FaultyNode({ rollup, served, faulty }, { second });
    for (let i = 0; i < 4; i++) await node.turn(i);
    await node.archiver.start(new AbortController().signal);
    await node.poll();
    return node;
  }

  /** An L1 block in which something happens, and the time that it takes. */
  async turn(i: number): Promise<void> {
    this.rollup.mine(turn => {
      if (i % 3 === 1) turn.send();
      turn.propose({ txs: i % 2 });
      if (i % 5 === 4) turn.prove();
      if (i % 7 === 6) turn.prune();
    });
    if (i % 4 === 3) this.rollup.l1.finalize(this.rollup.l1.headNumber - 2);
    this.clock.advanceSync(SLOT_SECONDS * 1000);
  }

  /** Rounds with an L1 block before each. */
  async rounds(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.turn(i);
      await this.poll();
    }
  }

  /** A round. The clock does not advance in it, except for requests that are never answered. */
  async poll(): Promise<void> {
    const round = this.archiver.poll().then(() => false);
    while (await Promise.race([round, this.faulty.held().then(() => true)]))
      await this.clock.advance(REQUEST_TIMEOUT_MS);
  }

  inStep(): boolean {
    return this.archiver.synced() && this.archiver.tips().pending.hash === this.rollup.tip.headerHash;
  }

  /** Blocks that were ever called bad. */
  verdicts(): readonly unknown[] {
    return this.meter.value("sprtn_archiver_bad_block") === 0 ? this.log.lines().filter(isVerdict) : ["bad block"];
  }

  warnings(): readonly unknown[] {
    return this.log.lines("warn").map(line => line.fields["code"]);
  }

  /** What the node says that it is over. */
  recoveries(): readonly unknown[] {
    return this.log.lines("info").flatMap(({ fields }) => ("code" in fields ? [fields["code"]] : []));
  }

  async stop(): Promise<void> {
    await this.archiver.stop();
    this.endpoints.close();
    await this.faulty.stop();
    await this.parts.served.stop();
  }
}

function isVerdict({ fields }: LogLine): boolean {
  return typeof fields["code"] === "string" && fields["code"].startsWith("BLOCK_");
}

/** What a node says while an endpoint has the fault; faults that it copes with leave nothing to say. */
const told: Partial<Record<FaultMode["mode"], string>> = {
  hang: "L1_UNREACHABLE",
  drop: "L1_UNREACHABLE",
  "rate-limit-status": "L1_RATE_LIMITED",
  "rate-limit-body": "L1_RATE_LIMITED",
  "http-413": "L1_UNREACHABLE",
  "http-503": "L1_UNREACHABLE",
  "http-500-json": "L1_UNREACHABLE",
  html: "L1_BAD_ANSWER",
  truncated: "L1_BAD_ANSWER",
  "null-result": "L1_BAD_ANSWER",
  "malformed-values": "L1_BAD_ANSWER",
  "missing-logs": "ARCHIVER_L1_EVENTS_MISSING",
  "stalled-head": "L1_STALE_HEAD",
  "wrong-chain": "L1_WRONG_CHAIN",
  hole: "ARCHIVER_L1_BLOCK_MISSING",
};

/** Sets the fault and lets it work. */
async function begin(node: FaultyNode, fault: FaultMode): Promise<void> {
  // The block that is missing is the next one; as long as it is not final, it is looked at.
  await node.faulty.setMode(fault.mode === "hole" ? { ...fault, below: -1 } : fault);
  const rounds: Partial<Record<FaultMode["mode"], number>> = { "stalled-head": 14, hole: 2 };
  await node.rounds(rounds[fault.mode] ?? 4);
}

describe("a node on an L1 endpoint with faults", () => {
  for (const fault of faultModes) {
    it(`${fault.mode}: says so once, judges nobody, and is in step when it is healed`, async () => {
      const node = await FaultyNode.start();
      try {
        expect(node.inStep(), "before").to.equal(true);
        await begin(node, fault);
        const code = told[fault.mode];
        if (code === undefined) {
          expect(readinessOf([() => inStep(node.archiver)])).to.deep.equal({ ready: true });
        } else {
          expect(readinessOf([() => inStep(node.archiver)])).to.include({ ready: false, code });
          expect(node.archiver.trouble()?.reason).to.match(/check|use another|wait|repair|raise/i);
        }
        expect(node.verdicts(), "verdicts").to.deep.equal([]);
        expect(node.warnings()).to.deep.equal(code === undefined ? [] : [code]);
        node.faulty.heal();
        await node.rounds(4);
        expect(node.inStep(), JSON.stringify(node.archiver.trouble())).to.equal(true);
        expect(node.warnings()).to.have.length(code === undefined ? 0 : 1);
        expect(node.log.messages("error")).to.deep.equal([]);
        expect(node.recoveries()).to.deep.equal(code === undefined ? [] : [code]);
      } finally {
        await node.stop();
      }
    });

    it(`${fault.mode}: goes on with a second endpoint`, async () => {
      const node = await FaultyNode.start({ second: true });
      try {
        await begin(node, fault);
        expect(node.inStep(), JSON.stringify(node.archiver.trouble())).to.equal(true);
        expect(node.warnings()).to.have.length.at.most(1);
        node.faulty.heal();
        await node.rounds(4);
        expect(node.inStep()).to.equal(true);
        expect(node.verdicts(), "verdicts").to.deep.equal([]);
        expect(node.log.messages("error")).to.deep.equal([]);
      } finally {
        await node.stop();
      }
    });
  }
});
