import { expect } from "chai";
import * as fc from "fast-check";
import {
  address,
  addressOfSomebody,
  bigInteger,
  boolean,
  bytes32,
  decimal,
  durationMs,
  durationSeconds,
  hexBytes,
  integer,
  list,
  nodeUrl,
  oneOf,
  type Parser,
  port,
  positiveWei,
  text,
  url,
  wei,
} from "./index.js";

const A = `0x${"Ab".repeat(20)}`;
const H = `0x${"cD".repeat(32)}`;

const cases: Record<string, { parser: Parser<unknown>; good: [text: string, value: unknown][]; bad: string[] }> = {
  integer: {
    parser: integer({ min: -2, max: 1000 }),
    good: [
      ["0", 0],
      ["-2", -2],
      ["1_000", 1000],
    ],
    bad: ["", "1.5", "-3", "1001", "1e2", "0x10", "_1", "ten", "9".repeat(400)],
  },
  bigInteger: {
    parser: bigInteger({ min: 0n }),
    good: [["1" + "0".repeat(30), 10n ** 30n]],
    bad: ["", "-1", "1.0", "0x1"],
  },
  decimal: {
    parser: decimal({ min: 0, max: 10 }),
    good: [
      ["0.02", 0.02],
      ["10", 10],
    ],
    bad: ["", ".5", "-0.1", "11", "1e3", "Infinity", "NaN"],
  },
  port: {
    parser: port,
    good: [
      ["0", 0],
      ["65535", 65535],
    ],
    bad: ["65536", "-1", "http"],
  },
  text: {
    parser: text(),
    good: [
      ["a b", "a b"],
      ["Zoë 日本", "Zoë 日本"],
    ],
    bad: ["", "a\nb", "\u001b[31m", "a\u009bb", "a\u007f", "a\u2028b", "\u202eb"],
  },
  boolean: {
    parser: boolean,
    good: [
      ["TRUE", true],
      ["off", false],
      ["1", true],
      ["no", false],
    ],
    bad: ["", "2", "maybe"],
  },
  oneOf: { parser: oneOf(["json", "human"]), good: [["json", "json"]], bad: ["", "JSON", "toString"] },
  list: { parser: list(port, { min: 1, max: 3 }), good: [["1, 2,3", [1, 2, 3]]], bad: ["", "1,,2", "1,x", "1,2,3,4"] },
  emptyList: { parser: list(port), good: [["", []]], bad: ["x"] },
  hexBytes: { parser: hexBytes(2), good: [["0xABcd", "0xabcd"]], bad: ["", "abcd", "0xabc", "0xabcdef", "0xzzzz"] },
  bytes32: { parser: bytes32, good: [[H, H.toLowerCase()]], bad: [A, ""] },
  address: { parser: address, good: [[A, A.toLowerCase()]], bad: [H, "vitalik.eth", ""] },
  url: {
    parser: url(),
    good: [
      ["http://127.0.0.1:8545/", "http://127.0.0.1:8545"],
      ["https://a.b/c?d", "https://a.b/c?d"],
    ],
    bad: ["", "localhost:8545", "ws://a", "ftp://a", "http://", "http://a%zz:b@host", "http://a:%@host", "http://a\nb"],
  },
  urlWithCredentials: { parser: url(), good: [["http://a%25:b@host", "http://a%25:b@host"]], bad: [] },
  redis: {
    parser: url(["redis", "rediss"]),
    good: [["redis://u:p@host:6379", "redis://u:p@host:6379"]],
    bad: ["redis://u%zz:p@host", "http://host"],
  },
  nodeUrl: {
    parser: nodeUrl,
    good: [["https://node.example/rpc/", "https://node.example/rpc"]],
    bad: ["", "ws://a", "http://user:pass@host", "http://user@host", "http://:pass@host", "http://a\tb"],
  },
  addressOfSomebody: { parser: addressOfSomebody, good: [[A, A.toLowerCase()]], bad: [`0x${"00".repeat(20)}`, H] },
  positiveWei: { parser: positiveWei, good: [["1", 1n]], bad: ["0", "0 ether", "-1"] },
  wei: {
    parser: wei,
    good: [
      ["5", 5n],
      ["1.5 ether", 15n * 10n ** 17n],
      ["20GWEI", 20n * 10n ** 9n],
      ["1000 azt", 10n ** 21n],
      ["0.000000000000000001eth", 1n],
    ],
    bad: ["", "1.5", "-1", "1 btc", "0.0000000000000000001 eth", "9".repeat(80), "1.5 wei"],
  },
  durationMs: {
    parser: durationMs({ max: 86_400_000 }),
    good: [
      ["200", 200],
      ["1.5s", 1500],
      ["5 m", 300_000],
      ["1d", 86_400_000],
    ],
    bad: ["", "-1", "2d", "5 weeks", "0.5"],
  },
  durationSeconds: {
    parser: durationSeconds({ min: 1 }),
    good: [
      ["36", 36],
      ["2h", 7200],
      ["2000ms", 2],
    ],
    bad: ["0", "1500ms", "soon"],
  },
};

function roundTrip<T>(parser: Parser<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, value => {
      expect(parser.read(parser.format ? parser.format(value) : String(value))).to.deep.equal(value);
    }),
  );
}

describe("parsers", () => {
  for (const [name, { parser, good, bad }] of Object.entries(cases)) {
    it(`${name} reads what is ${parser.expected}`, () => {
      for (const [given, value] of good) expect(parser.read(given), given).to.deep.equal(value);
      for (const given of bad) expect(parser.read(given), given).to.equal(undefined);
    });
  }

  it("what a parser shows, it reads back", () => {
    roundTrip(wei, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }) as fc.Arbitrary<never>);
    roundTrip(wei, fc.bigInt({ min: 0n, max: 10n ** 6n }).map(n => n * 10n ** 15n) as fc.Arbitrary<never>);
    roundTrip(durationMs(), fc.nat());
    roundTrip(integer(), fc.integer());
    roundTrip(list(port), fc.array(fc.nat(65_535), { minLength: 1, maxLength: 9 }));
    expect(wei.format?.((15n * 10n ** 17n) as never)).to.equal("1.5 ether");
    expect(wei.format?.(0n as never)).to.equal("0 wei");
    expect(durationMs().format?.(86_400_000)).to.equal("1d");
  });

  it("a URL is shown without what may be secret, also one that is none", () => {
    for (const [given, shown] of [
      ["http://host:8545", "http://host:8545"],
      ["http://me:hunter2@host/", "http://[secret]@host/"],
      ["http://hunter2@host:1", "http://[secret]@host:1"],
      ["https://host/v3/hunter2", "https://host/[secret]"],
      ["https://host?key=hunter2", "https://host?[secret]"],
      ["htp:/me:hunter2@host", "[secret]@host"],
      ["http://me:hunt/er2@x@host", "http://[secret]@host"],
    ] as const)
      for (const show of [url().format, url().redact, nodeUrl.redact]) expect(show?.(given), given).to.equal(shown);
    const several = list(url());
    expect(several.redact?.("http://a,https://b/hunter2")).to.equal("http://a,https://b/[secret]");
    expect(several.redact?.("http://me:hunt,er2@host")).to.equal("http://[secret]@host");
    expect(several.format?.(["http://a", "http://me:hunter2@b"])).to.equal("http://a,http://[secret]@b");
  });
});
