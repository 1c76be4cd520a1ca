import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { RpcErrorCode } from "../rpc-error.js";
import { RpcFixture } from "../rpc-fixture.test.js";

const HOST = "host: 127.0.0.1\r\n";
const TYPE = "content-type: application/json\r\n";
const CALL = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "node_getCurrentSlot" });

describe("what never becomes a request that HTTP knows", () => {
  /** What comes back for these bytes until the server closes: the status, and the code. */
  async function answerTo(bytes: string, { answers = 1 } = {}) {
    const fixture = new RpcFixture({ getCurrentSlot: async () => 5 as never }, { headersTimeoutMs: 50 });
    await fixture.server.start();
    try {
      const socket = connect(Number(new URL(fixture.server.url).port), "127.0.0.1");
      let text = "";
      socket.setEncoding("utf8").on("data", (data: string) => {
        text += data;
        if (answers > 0 && text.split("HTTP/1.1 ").length > answers && text.endsWith("}")) socket.destroy();
      });
      socket.on("error", () => undefined);
      socket.write(bytes);
      await once(socket, "close");
      const [, status, code] = /^HTTP\/1\.1 (\d+) .*(?:"code":"(\w+)"|"result")/s.exec(text) ?? [];
      return [Number(status), code];
    } finally {
      await fixture.server.stop();
    }
  }

  for (const [what, bytes, expected] of [
    ["no HTTP at all", "\0\u0001\u0002\r\n\r\n", [400, RpcErrorCode.INVALID_REQUEST]],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, RpcErrorCode.INVALID_REQUEST]],
    ["a length below 0", `POST / HTTP/1.1\r\n${HOST}content-length: -5\r\n\r\n`, [400, RpcErrorCode.INVALID_REQUEST]],
    [
      "a chunk of no length",
      `POST / HTTP/1.1\r\n${HOST}${TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n`,
      [400, RpcErrorCode.INVALID_REQUEST],
    ],
    ["headers without end", `GET / HTTP/1.1\r\n${HOST}x: ${"a".repeat(40_000)}`, [431, RpcErrorCode.TOO_LARGE]],
    ["headers that do not come", `GET / HTTP/1.1\r\n${HOST}`, [408, RpcErrorCode.INVALID_REQUEST]],
    ["no host", "GET /health HTTP/1.1\r\n\r\n", [400, RpcErrorCode.INVALID_REQUEST]],
    [
      "an expectation that nobody knows, which is passed over",
      `POST / HTTP/1.1\r\n${HOST}${TYPE}expect: magic\r\ncontent-length: ${CALL.length}\r\n\r\n${CALL}`,
      [200, undefined],
    ],
  ] as const)
    it(`${what}: answered with a code`, async () => {
      expect(await answerTo(bytes)).to.deep.equal(expected);
    });
});
