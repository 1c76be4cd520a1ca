import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import { expect } from "chai";
import { systemHost } from "./system-host.js";

describe("ports and programs of this machine", () => {
  const host = systemHost({ mains: { l1: "", deployer: "", node: "", "prover-agent": "" }, environment: {} });

  it("a port is taken while somebody listens; nobody is ready there", async () => {
    const server = createServer(socket => socket.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(await host.isPortTaken(port, "tcp")).to.equal(true);
    expect(await host.readiness(`http://127.0.0.1:${port}`)).to.equal(undefined);
    expect(await host.isL1Ready(`http://127.0.0.1:${port}`)).to.equal(false);
    expect(await host.isPortTaken(port, "udp")).to.equal(false);
    server.close();
    await once(server, "close");
    expect(await host.isPortTaken(port, "tcp")).to.equal(false);
    const udp = createSocket("udp4").bind(port, "127.0.0.1");
    await once(udp, "listening");
    expect([await host.isPortTaken(port, "tcp"), await host.isPortTaken(port, "udp")]).to.deep.equal([false, true]);
    udp.close();
    await once(udp, "close");
  });

  it("whoever else listens there is read so far and no further, and taken for nobody", async () => {
    let sent = 0;
    const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
      endless: response => {
        const chunk = Buffer.alloc(65_536, 32);
        const send = () => {
          while (!response.destroyed && sent < 2 ** 28 && response.write(chunk)) sent += chunk.length;
        };
        response.on("drain", send);
        send();
      },
      garbage: response => void response.end("\u001b[2J{"),
      nothing: response => void response.end("null"),
      elsewhere: response => void response.writeHead(302, { location: "/ready" }).end("{}"),
      other: response => void response.writeHead(503).end('{"code":"\u001b[2J","reason":{}}'),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const server = createHttpServer((_, response) => answer(response));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
      if (name !== "nothing") expect(await host.readiness(url), name).to.equal(undefined);
      expect(await host.isL1Ready(url), name).to.equal(false);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
    // What was under way between the two, and no more.
    expect(sent).to.be.below(2 ** 26);
  });

  it("why a node is not ready is told without what could drive a terminal, and not at any length", async () => {
    const body = JSON.stringify({ code: "NODE_NOT_SYNCED", reason: `\u001b[2J${"x".repeat(5_000)}` });
    const server = createHttpServer((_, response) => void response.writeHead(503).end(body));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const found = await host.readiness(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    expect(found).to.deep.equal({ ready: false, code: "NODE_NOT_SYNCED", reason: `\ufffd[2J${"x".repeat(996)}` });
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("has cores and memory, and no token twice", () => {
    expect(host.cores).to.be.at.least(1);
    expect(host.freeBytes()).to.be.greaterThan(0);
    expect(host.newToken())
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(host.newToken());
  });
});
