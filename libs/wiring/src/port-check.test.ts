import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { jsFieldHasher, messageOf } from "@sprtn/primitives";
import { buildDeployment, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { createBootstrapNode } from "./create-bootstrap-node.js";
import { RpcPortCheck } from "./port-check.js";
import { testSettings } from "./test/test-settings.js";

const codeOfFailure = async (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { readonly code?: string; readonly cause?: { readonly code?: string } }) => error.cause?.code ?? error.code,
  );

describe("a taken RPC port", () => {
  let server: Server;
  let port: number;

  before(async () => {
    server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });

  after(() => server.close());

  it("is found before P2P starts", async () => {
    const logger = new MemoryLogger();
    const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger };
    const node = await createBootstrapNode(process, new PrometheusMeter(), {
      name: "boot",
      version: "0",
      roles: new Set(["p2p-bootstrap"]),
      deployment: buildDeployment({ name: "test-wiring" }),
      settings: testSettings({ AZTEC_PORT: String(port), P2P_DISCOVERY: "false" }),
    });
    expect(await codeOfFailure(node.start(new AbortController().signal))).to.equal("RPC_PORT_TAKEN");
    expect(logger.lines()).to.deep.equal([]);
    await node.stop();
  });

  it("a free one is left free, an address of another machine is named", async () => {
    const check = new RpcPortCheck({ host: "127.0.0.1", port: 0 });
    await check.start();
    await check.start();
    const failure: unknown = await new RpcPortCheck({ host: "192.0.2.1", port: 0 })
      .start()
      .catch((error: unknown) => error);
    expect(failure).to.have.property("code", "RPC_BIND_FAILED");
    expect(messageOf(failure)).to.contain("EADDRNOTAVAIL").and.contain("RPC_HOST").and.not.contain("UNEXPECTED");
  });
});
