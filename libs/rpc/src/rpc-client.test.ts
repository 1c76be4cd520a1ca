import { type AddressInfo, createServer } from "node:net";
import { BlockNumber, CodedError, Field } from "@sprtn/primitives";
import { expect } from "chai";
import { createNodeClient } from "./node-client.js";
import { brokerMethods } from "./prover-methods.js";
import { RemoteError, RpcError, RpcErrorCode } from "./rpc-error.js";
import { createRpcClient, MAX_READ_BYTES } from "./rpc-client.js";
import { RpcFixture } from "./rpc-fixture.test.js";

/** A node that answers every request with `text`. */
const answering = (text: string, status = 200) => ({ fetch: async () => new Response(text, { status }) });

async function failure(promise: Promise<unknown>): Promise<CodedError> {
  return promise.then(
    () => expect.fail("no error"),
    (error: CodedError) => error,
  );
}

describe("JSON-RPC client", () => {
  it("says what to do when no node answers", async () => {
    const error = await failure(createNodeClient("http://127.0.0.1:1").getCurrentSlot());
    expect(error).to.be.instanceOf(RpcError);
    expect(error.code).to.equal(RpcErrorCode.UNREACHABLE);
    expect(error.message).to.contain("http://127.0.0.1:1").and.contain("check");
  });

  it("tells a connection that broke from one that never stood: the node may have carried the call out", async () => {
    const server = createServer(socket => socket.once("data", () => socket.destroy()));
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const error = await failure(createNodeClient(`http://127.0.0.1:${port}`).getCurrentSlot());
    expect(error.code).to.equal(RpcErrorCode.NO_ANSWER);
    expect(error.payload).to.have.property("mayHaveRun", true);
    await new Promise(resolve => server.close(resolve));
  });

  it("says so when a node takes too long", async () => {
    const slow: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const error = await failure(createNodeClient("http://node", { fetch: slow, timeoutMs: 1 }).getCurrentSlot());
    expect(error.code).to.equal(RpcErrorCode.TIMEOUT);
    expect(error.payload).to.have.property("mayHaveRun", true);
  });

  it("keeps the node's own code and text", async () => {
    const fixture = new RpcFixture({
      sendTx: async () => {
        throw new CodedError("TX_EXPIRED", "it expired: build it again");
      },
      getPublicBalance: async () => {
        throw new CodedError("TX_EXPIRED", "it expired: build it again");
      },
    });
    await fixture.server.start();
    const error = await failure(createNodeClient(fixture.server.url).getPublicBalance(Field(1n)));
    expect(error).to.be.instanceOf(RemoteError);
    expect([error.code, error.message]).to.deep.equal(["TX_EXPIRED", "it expired: build it again"]);
    const missing = await failure(createNodeClient(fixture.server.url).getPeers());
    expect(missing.code).to.equal(RpcErrorCode.INTERNAL);
    await fixture.server.stop();
  });

  it("keeps the meaning of plain JSON-RPC errors", async () => {
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32601, message: "no such method" } });
    expect((await failure(createNodeClient("http://node", answering(text)).getPeers())).code).to.equal(
      RpcErrorCode.UNKNOWN_METHOD,
    );
  });

  it("names whoever answers as no node does, and not as a node", async () => {
    for (const code of [-32601, -32000]) {
      const text = JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code, message: "Method not found" } });
      const { message } = await failure(createNodeClient("http://l1.example", answering(text)).getPeers());
      expect(message).to.contain("http://l1.example").and.contain("node_getPeers").and.contain("Method not found");
    }
  });

  it("refuses a URL at which it can ask nobody, and does not repeat its password", () => {
    for (const url of ["http://user:hunter2@host", "http://:hunter2@host", "http://hunter2@host", "", "ftp://host"])
      for (const create of [createNodeClient, (at: string) => createRpcClient(brokerMethods, at)])
        expect(() => create(url), url)
          .to.throw(RpcError)
          .that.satisfies(
            (error: CodedError) => error.code === RpcErrorCode.BAD_URL && !error.message.includes("hunter2"),
          );
    expect(() => createNodeClient("https://host:1/rpc?a=b")).not.to.throw();
  });

  it("does not trust an answer", async () => {
    const hex = `0x${"f".repeat(64)}`;
    const bad: readonly [string, number][] = [
      ["<html>", 502],
      ["", 204],
      ["5", 200],
      ['{"id":1,"result":5}', 200],
      ['{"jsonrpc":"2.0","id":2,"result":"5"}', 200],
      ['{"jsonrpc":"2.0","id":1,"result":"-5"}', 200],
      ['{"jsonrpc":"2.0","id":1,"result":5}', 200],
      ['{"jsonrpc":"2.0","id":1}', 200],
      [`{"jsonrpc":"2.0","id":1,"result":"${10n ** 39n}"}`, 200],
    ];
    for (const [text, status] of bad) {
      const node = {
        fetch: async () => (status === 204 ? new Response(null, { status }) : new Response(text, { status })),
      };
      const error = await failure(createNodeClient("http://node", node).getPublicBalance(Field(1n)));
      expect(error.code, text).to.equal(RpcErrorCode.BAD_ANSWER);
      expect(error.message).to.contain("node_getPublicBalance");
    }
    const block = `{"jsonrpc":"2.0","id":1,"result":{"pending":{"number":1,"hash":"${hex}"}}}`;
    expect((await failure(createNodeClient("http://node", answering(block)).getChainTips())).message).to.contain(
      "result.pending.hash",
    );
  });

  it("LIMIT-35: reads 16 MiB of an answer, and nothing of one that is a byte longer", async () => {
    expect(MAX_READ_BYTES).to.equal(16 * 1024 * 1024);
    const slot = '{"jsonrpc":"2.0","id":1,"result":5}';
    const most = slot.padEnd(MAX_READ_BYTES);
    expect(await createNodeClient("http://node", answering(most)).getCurrentSlot()).to.equal(5);
    const error = await failure(createNodeClient("http://node", answering(`${most} `)).getCurrentSlot());
    expect(error.code).to.equal(RpcErrorCode.BAD_ANSWER);
  });

  it("refuses arguments that no node takes, before it asks", async () => {
    let asked = 0;
    const client = createNodeClient("http://node", { fetch: async () => (asked++, new Response("")) });
    expect((await failure(client.getBlocks(BlockNumber(1), 500))).code).to.equal(RpcErrorCode.INVALID_PARAMS);
    expect((await failure(client.getTx(-1n as Field))).code).to.equal(RpcErrorCode.INVALID_PARAMS);
    expect(asked).to.equal(0);
  });
});
