import { expect } from "chai";
import * as fc from "fast-check";
import { toHex } from "@sprtn/primitives";
import { type Answer, AnswerStatus, decodeAnswer, encodeAnswer } from "./answer.js";
import { readEndpoint } from "./endpoint.js";
import { messageId, networkDigest, requestProtocolId, topicName } from "./network.js";
import { candidateOf, createRecord, parseBootstrapNodes } from "./node-record.js";
import { P2pError } from "./p2p-error.js";
import { p2pSettings } from "./settings.js";
import { decodeStatus, encodeStatus } from "./status-message.js";

const NETWORK = { chainId: 11_155_111n, rollupVersion: 3n };
const u256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

describe("names", () => {
  it("carry chain, version and topic", () => {
    expect(topicName(NETWORK, "block_proposal")).to.equal("/sprtn/2/11155111/3/block_proposal");
    expect(requestProtocolId(NETWORK, "txs")).to.equal("/sprtn/2/11155111/3/req/txs");
  });

  it("message ids are sha256 of topic, zero byte and data", () => {
    expect(toHex(messageId("a", Uint8Array.of(98)))).to.equal(
      "0x59b271ae1bbcb1d31d41929817f4b16fb439eb4f31520b5ad1d5ce98920a7138",
    );
    expect(messageId("a", Uint8Array.of(98))).to.not.deep.equal(messageId("ab", new Uint8Array()));
  });
});

describe("status", () => {
  it("round-trips", () => {
    fc.assert(
      fc.property(u256, u256, (chainId, rollupVersion) => {
        expect(decodeStatus(encodeStatus({ chainId, rollupVersion }))).to.deep.equal({ chainId, rollupVersion });
      }),
    );
  });

  it("LIMIT-10: refuses other versions, too few and too many bytes", () => {
    const good = encodeStatus(NETWORK);
    for (const bad of [
      new Uint8Array(),
      good.subarray(0, 64),
      Uint8Array.of(2, ...good.subarray(1)),
      Uint8Array.of(...good, 0),
    ])
      expect(() => decodeStatus(bad)).to.throw(P2pError);
  });
});

describe("answer", () => {
  it("round-trips", () => {
    const answers = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((content): Answer => ({ status: AnswerStatus.OK, content })),
      fc.stringMatching(/^[A-Z0-9_]{1,64}$/).map((code): Answer => ({ status: AnswerStatus.REFUSED, code })),
      fc.constant<Answer>({ status: AnswerStatus.RATE_LIMITED }),
    );
    fc.assert(
      fc.property(answers, answer => {
        expect(decodeAnswer(encodeAnswer(answer))).to.deep.equal(answer);
      }),
    );
  });

  it("reads any bytes or throws MALFORMED, and sends no odd code", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        try {
          decodeAnswer(bytes);
        } catch (error) {
          expect(error).to.include({ code: "P2P_MALFORMED" });
        }
      }),
    );
    expect(decodeAnswer(encodeAnswer({ status: AnswerStatus.REFUSED, code: "some text" }))).to.include({
      code: "UNEXPECTED",
    });
  });
});

describe("node record", () => {
  const key = new Uint8Array(32).fill(7);

  it("says where to dial, to nodes of the same network", () => {
    const record = createRecord(key, NETWORK, { host: "10.0.0.1", tcp: 40_400, udp: 40_401 }).toENR();
    const peer = record.peerId.toString();
    expect(candidateOf(record, NETWORK)).to.deep.equal({ peer, addresses: [`/ip4/10.0.0.1/tcp/40400/p2p/${peer}`] });
    expect(candidateOf(record, { ...NETWORK, rollupVersion: 4n })).to.equal(undefined);
    const six = createRecord(key, NETWORK, { host: "2001:db8::1", tcp: 1, udp: 2 }).toENR();
    expect(candidateOf(six, NETWORK)?.addresses[0]).to.match(/^\/ip6\/2001:db8::1\/tcp\/1\/p2p\//);
    expect(candidateOf(createRecord(key, NETWORK, { tcp: 1 }).toENR(), NETWORK)).to.equal(undefined);
    expect(networkDigest(NETWORK)).to.have.length(8);
  });

  it("reads bootstrap nodes of both kinds", () => {
    const record = createRecord(key, NETWORK, { host: "10.0.0.1", tcp: 1, udp: 2 });
    const peer = record.peerId.toString();
    const { records, candidates } = parseBootstrapNodes(
      [record.encodeTxt(), `/dns4/boot.example/tcp/1/p2p/${peer}`],
      NETWORK,
    );
    expect(records).to.have.length(1);
    expect(candidates.map(candidate => candidate.peer)).to.deep.equal([peer, peer]);
  });
});

describe("settings", () => {
  it("read addresses", () => {
    expect(readEndpoint("1.2.3.4:5")).to.deep.equal({ host: "1.2.3.4", port: 5 });
    expect(readEndpoint("[::1]:5")).to.deep.equal({ host: "::1", port: 5 });
    expect(readEndpoint(":40400")).to.deep.equal({ port: 40_400 });
    for (const bad of ["1.2.3.4", "1.2.3.4:65536", "1.2.3.999:1", "host:1", "::1:5", "1.2.3.4:", ""])
      expect(readEndpoint(bad), bad).to.equal(undefined);
    expect(p2pSettings.tcpListen.parse.read(":40400")).to.equal(undefined);
    expect(p2pSettings.tcpListen.parse.format?.({ host: "::1", port: 5 })).to.equal("[::1]:5");
    expect(p2pSettings.tcpAnnounce.parse.format?.({ port: 5 })).to.equal(":5");
  });

  it("read keys and never anything else", () => {
    expect(p2pSettings.peerIdPrivateKey.parse.read(`0x${"Ab".repeat(32)}`)).to.equal(`0x${"ab".repeat(32)}`);
    expect(p2pSettings.peerIdPrivateKey.parse.read("ab".repeat(31))).to.equal(undefined);
    expect(p2pSettings.peerIdPrivateKey.secret).to.equal(true);
  });
});
