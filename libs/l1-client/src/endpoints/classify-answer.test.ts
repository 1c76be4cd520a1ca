import { expect } from "chai";
import { type Answer, classifyAnswer, type HttpAnswer } from "./classify-answer.js";

const classify = (given: Partial<HttpAnswer>): Answer =>
  classifyAnswer({ method: "eth_call", params: [], status: 200, retryAfter: null, text: "", nowMs: 0, ...given });
const error = (code: number, message: string, data?: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code, message, data } });
const logs = { method: "eth_getLogs" };

/** As providers have answered, by what they mean. */
const answers: readonly (readonly [Answer["kind"], string, Partial<HttpAnswer>])[] = [
  ["answered", "a result", { text: '{"jsonrpc":"2.0","id":1,"result":"0x"}' }],
  ["answered", "a revert", { text: error(3, "execution reverted: rate limit exceeded", "0x08c379a0") }],
  ["answered", "a revert with HTTP 400", { status: 400, text: error(3, "execution reverted", "0x08c379a0") }],
  ["answered", "no such method", { status: 404, text: error(-32601, "the method does not exist") }],
  ["answered", "a block that is not there", { method: "eth_getBlockByNumber", text: '{"result":null}' }],
  ["answered", "a gas limit", { text: error(-32000, "gas limit exceeded") }],
  [
    "answered",
    "what a pool says",
    {
      method: "eth_sendRawTransaction",
      text: error(-32000, "txpool request limit: too many requests, try again later"),
    },
  ],
  ["rate-limited", "HTTP 429", { status: 429, text: "Too Many Requests" }],
  ["rate-limited", "HTTP 429 with JSON", { status: 429, text: error(-32005, "slow down") }],
  ["rate-limited", "EIP-1474's code", { text: error(-32005, "limit exceeded") }],
  ["rate-limited", "QuickNode's code", { text: error(-32007, "50/second request limit reached") }],
  ["rate-limited", "another code", { text: error(-32016, "rate limit") }],
  ["rate-limited", "a text alone", { text: error(-32000, "Too many requests, please retry") }],
  ["rate-limited", "Alchemy's words", { text: error(429, "exceeded its compute units per second capacity") }],
  [
    "rate-limited",
    "a rate limit on logs",
    { ...logs, text: error(-32005, "daily request count exceeded, request rate limited") },
  ],
  ["rate-limited", "a rate limit on a transaction", { method: "eth_sendRawTransaction", text: error(-32007, "slow") }],
  ["rate-limited", "a rate limit with HTTP 403", { status: 403, text: error(-32000, "rate limit reached") }],
  ["range-too-large", "Infura's words", { ...logs, text: error(-32005, "query returned more than 10000 results") }],
  ["range-too-large", "a plain limit", { ...logs, text: error(-32005, "limit exceeded") }],
  ["range-too-large", "a wide range", { ...logs, text: error(-32602, "Block range is too wide") }],
  ["range-too-large", "a maximum", { ...logs, text: error(-32600, "exceed maximum block range: 5000") }],
  ["range-too-large", "the size of the answer", { ...logs, text: error(-32008, "Response is too big") }],
  ["range-too-large", "a time-out in words", { ...logs, text: error(-32000, "query timeout exceeded") }],
  ["range-too-large", "words with HTTP 400", { ...logs, status: 400, text: error(-32600, "up to a 10 block range") }],
  ["range-too-large", "words with HTTP 503", { ...logs, status: 503, text: error(-32000, "block range limit") }],
  ["range-too-large", "HTTP 413", { ...logs, status: 413, text: "Request Entity Too Large" }],
  ["range-too-large", "a gateway's time-out", { ...logs, status: 504, text: "<html>" }],
  ["range-too-large", "any refusal of logs", { ...logs, text: error(-32603, "something went wrong") }],
  ["failed", "HTTP 413 for anything else", { status: 413, text: "Request Entity Too Large" }],
  ["failed", "HTTP 503", { status: 503, text: "busy" }],
  ["failed", "HTTP 500 with JSON", { status: 500, text: error(-32603, "internal error") }],
  ["failed", "HTTP 500 with JSON, asked for logs", { ...logs, status: 500, text: error(-32603, "internal error") }],
  ["failed", "HTTP 401 with JSON", { status: 401, text: error(-32000, "invalid project id") }],
  ["bad", "HTML", { text: "<html>" }],
  ["bad", "half of the JSON", { text: '{"jsonrpc":"2.0","id":1,"resul' }],
  ["bad", "other JSON", { text: "[1]" }],
  ["bad", "null where something is due", { ...logs, text: '{"result":null}' }],
  ["answered", "a result beside an error that is null", { text: '{"result":"0x","error":null}' }],
  ["bad", "a value that the method cannot have", { text: '{"result":"banana"}' }],
  ["bad", "an error that is null, and no result", { text: '{"error":null}' }],
  ["bad", "an error that is a number", { text: '{"error":7}' }],
  ["bad", "an error whose message is none", { text: '{"error":{"code":1,"message":{}}}' }],
  ["failed", "a page with HTTP 502", { status: 502, text: "<html>" }],
];

describe("classifyAnswer", () => {
  for (const [kind, what, given] of answers)
    it(`${kind}: ${what}`, () => {
      expect(classify(given).kind).to.equal(kind);
    });

  for (const code of [-32005, -32007, -32016, -32029, -32090, -32097])
    it(`rate-limited: the code ${code}, whatever its words`, () => {
      const text = error(code, "no");
      expect(classify({ text }).kind).to.equal("rate-limited");
      expect(classify({ text, method: "eth_sendRawTransaction" }).kind).to.equal("rate-limited");
      // EIP-1474's code stands for large ranges as well: fewer blocks may be had.
      expect(classify({ text, ...logs }).kind).to.equal(code === -32005 ? "range-too-large" : "rate-limited");
    });

  for (const words of [
    "Too many requests",
    "rate-limit",
    "request count exceeded",
    "50 requests per second",
    "one request a minute",
    "over quota",
    "throttled",
    "compute units",
    "try again later",
    "limit exceeded",
  ])
    it(`rate-limited: the words "${words}", whatever the code`, () => {
      expect(classify({ text: error(-32000, words) }).kind).to.equal("rate-limited");
    });

  it("tells how long to wait, as seconds, as a date, or from the body", () => {
    const wait = (given: Partial<HttpAnswer>) => {
      const answer = classify({ status: 429, ...given });
      return answer.kind === "rate-limited" ? answer.retryAfterMs : expect.fail(answer.kind);
    };
    expect(wait({ retryAfter: "7" })).to.equal(7000);
    expect(wait({ retryAfter: new Date(90_000).toUTCString(), nowMs: 30_000 })).to.equal(60_000);
    expect(wait({ retryAfter: new Date(0).toUTCString(), nowMs: 30_000 })).to.equal(0);
    expect(wait({ text: error(-32005, "slow", { rate: { backoff_seconds: 30 } }) })).to.equal(30_000);
    expect(wait({ retryAfter: "soon" })).to.equal(undefined);
    expect(wait({})).to.equal(undefined);
  });
});
