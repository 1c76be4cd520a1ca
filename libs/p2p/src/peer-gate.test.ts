import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { BanList } from "./ban-list.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import { PeerBook } from "./peer-book.js";
import { PeerGate, type PeerGateDependencies } from "./peer-gate.js";
import { encodeStatus } from "./status-message.js";
import { PartingLog } from "./parting-log.js";
import { type LogLine, NETWORK, recordingLogger, silentMeter } from "./test/local-network.js";

function setUp(requestStatus: PeerGateDependencies["requestStatus"]) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const lines: LogLine[] = [];
  const logger = recordingLogger(lines);
  const book = new PeerBook({ clock });
  const bans = new BanList({ clock }, { maxPeers: 10 });
  const gate = new PeerGate(
    {
      logger,
      partings: new PartingLog({ clock, logger }),
      metrics: createP2pMetrics(silentMeter),
      book,
      bans,
      requestStatus,
      sayGoodbye: async (peer, code) => void calls.push(`goodbye ${peer} ${code}`),
      hangUp: async peer => void calls.push(`hang up ${peer}`),
      onAccepted: ({ peer }) => calls.push(`accepted ${peer}`),
      onGoodbye: (peer, pauseMs) => calls.push(`pause ${peer} ${pauseMs}`),
    },
    { network: NETWORK },
  );
  book.connected("a", "outbound");
  const told = () => lines.filter(({ level }) => level === "info").map(({ fields }) => fields);
  return { gate, calls, book, bans, clock, told };
}

const failing = (code: P2pErrorCode, remoteCode?: string) => () =>
  Promise.reject(new P2pError(code, "no", remoteCode === undefined ? {} : { remoteCode }));

describe("PeerGate", () => {
  it("accepts a peer of this network once, and keeps when it last showed that it is", async () => {
    const { gate, calls, book, clock } = setUp(async () => encodeStatus(NETWORK));
    await gate.check("a");
    await clock.advance(1_000);
    await gate.check("a");
    expect(calls).to.deep.equal(["accepted a"]);
    expect(book.get("a")?.accepted?.atMs).to.equal(clock.nowMs());
    expect(await gate.answerStatus({ data: encodeStatus(NETWORK), from: "a" })).to.deep.equal(encodeStatus(NETWORK));
  });

  it("sends away and bans who does not speak or does not share this network", async () => {
    for (const requestStatus of [
      failing(P2pErrorCode.OTHER_NETWORK),
      failing(P2pErrorCode.REFUSED, "P2P_OTHER_NETWORK"),
      async () => encodeStatus({ ...NETWORK, chainId: 1n }),
    ]) {
      const { gate, calls, bans } = setUp(requestStatus);
      await gate.check("a");
      expect(calls).to.deep.equal(["goodbye a P2P_OTHER_NETWORK", "hang up a"]);
      expect(bans.reasonOf("a")).to.equal("P2P_OTHER_NETWORK");
    }
  });

  it("hangs up without a ban on who does not answer, and stays with who is busy", async () => {
    const outcomes = await Promise.all(
      [
        P2pErrorCode.TIMEOUT,
        P2pErrorCode.PEER_GONE,
        P2pErrorCode.MALFORMED,
        P2pErrorCode.RATE_LIMITED,
        P2pErrorCode.ABORTED,
      ].map(async code => {
        const { gate, calls, bans } = setUp(failing(code));
        await gate.check("a");
        expect(bans.reasonOf("a")).to.equal(undefined);
        return calls.length;
      }),
    );
    expect(outcomes).to.deep.equal([1, 1, 1, 0, 0]);
  });

  it("does not dial a peer for five minutes after its goodbye", async () => {
    const { gate, calls } = setUp(async () => encodeStatus(NETWORK));
    await gate.answerGoodbye({ data: new TextEncoder().encode("P2P_LOW_SCORE"), from: "a" });
    expect(calls).to.deep.equal(["pause a 300000"]);
  });

  it("sends a peer away once, however often it is asked to", async () => {
    const { gate, calls } = setUp(async () => encodeStatus(NETWORK));
    await Promise.all([gate.expel("a", "X"), gate.expel("a", "Y")]);
    expect(calls).to.deep.equal(["goodbye a X", "hang up a"]);
  });

  it("tells who was expelled for what it sent, or hung up on for a status that cannot be read, and why", async () => {
    const { gate, told } = setUp(failing(P2pErrorCode.MALFORMED));
    await gate.expel("b", "TX_BAD_PROOF");
    await gate.check("a");
    expect(told()).to.deep.equal([
      { peer: "b", code: "TX_BAD_PROOF" },
      { peer: "a", code: "P2P_MALFORMED" },
    ]);
  });

  it("tells nothing of peers that are slow, busy or of another network", async () => {
    for (const code of [P2pErrorCode.TIMEOUT, P2pErrorCode.PEER_GONE, P2pErrorCode.OTHER_NETWORK]) {
      const { gate, told } = setUp(failing(code));
      await gate.check("a");
      expect(told(), code).to.deep.equal([]);
    }
  });

  it("LIMIT-31: a crowd that is expelled cannot fill the log; the next line says how many it kept back", async () => {
    const { gate, told, clock } = setUp(async () => encodeStatus(NETWORK));
    for (let n = 0; n < 1_000; n++) await gate.expel(`peer ${n}`, "TX_BAD_PROOF");
    expect(told()).to.have.length(10);
    clock.advanceSync(59_999);
    await gate.expel("too soon", "TX_BAD_PROOF");
    expect(told()).to.have.length(10);
    clock.advanceSync(1);
    await gate.expel("last", "TX_BAD_PROOF");
    expect(told().at(-1)).to.deep.equal({ peer: "last", code: "TX_BAD_PROOF", moreSinceLastLine: 991 });
    await gate.expel("after", "TX_BAD_PROOF");
    expect(told()).to.have.length(11);
  });
});
