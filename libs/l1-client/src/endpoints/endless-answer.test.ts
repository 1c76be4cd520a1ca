import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLogger } from "@sprtn/testing";
import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { L1ErrorCode } from "../l1-error.js";
import { MAX_L1_ANSWER_BYTES } from "./endpoint-provider.js";
import { L1Endpoints } from "./l1-endpoints.js";

const MiB = 1024 * 1024;

describe("LIMIT-34: an L1 endpoint that answers without end", () => {
  let server: Server;
  let url: string;
  /** What follows the chain id's answer. */
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, id } = JSON.parse(Buffer.concat(chunks).toString()) as { method: string; id: number };
        if (method === "eth_chainId") response.end(JSON.stringify({ jsonrpc: "2.0", id, result: "0x7a69" }));
        else answer(response);
      });
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const ask = async (method: string, params: readonly unknown[]) => {
    const endpoints = new L1Endpoints(
      { logger: new MemoryLogger(), clock: new ManualClock() },
      { urls: [url], chainId: 31337n, requestTimeoutMs: 30_000 },
    );
    try {
      return await endpoints.run(provider => provider.send(method, [...params])).catch((error: unknown) => error);
    } finally {
      endpoints.close();
    }
  };

  /** An answer of that many bytes in all, spaces before its end. */
  const ofBytes = (bytes: number) => (response: ServerResponse) => {
    const [head, end] = ['{"jsonrpc":"2.0","id":1,"result":"0x5"', "}"];
    response.write(head);
    let left = bytes - head.length - end.length;
    const fill = () => {
      while (left > 0 && !response.destroyed) {
        const piece = Math.min(left, MiB);
        left -= piece;
        if (!response.write(Buffer.alloc(piece, 0x20))) return;
      }
      if (left === 0) response.end(end);
      left = -1;
    };
    response.on("drain", fill);
    fill();
  };

  it("is read up to 64 MiB; one byte more is a bad answer, and for logs, too many blocks", async () => {
    expect(MAX_L1_ANSWER_BYTES).to.equal(64 * MiB);
    answer = ofBytes(64 * MiB);
    expect(await ask("eth_blockNumber", [])).to.equal("0x5");
    answer = ofBytes(64 * MiB + 1);
    expect(await ask("eth_blockNumber", [])).to.have.property("code", L1ErrorCode.BAD_ANSWER);
    const logs = await ask("eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x9" }]);
    expect(logs).to.have.property("code", L1ErrorCode.RANGE_TOO_LARGE);
  });

  it("is cut off: what it goes on to send is not read", async () => {
    let sent = 0;
    const cutOff = Promise.withResolvers<void>();
    answer = response => {
      response.on("close", () => cutOff.resolve());
      const send = () => {
        while (!response.destroyed) {
          sent += MiB;
          if (!response.write(Buffer.alloc(MiB, 0x20))) return;
        }
      };
      response.on("drain", send);
      send();
    };
    expect(await ask("eth_blockNumber", [])).to.have.property("code", L1ErrorCode.BAD_ANSWER);
    await cutOff.promise;
    expect(sent).to.be.below(2 * MAX_L1_ANSWER_BYTES);
  });
});
