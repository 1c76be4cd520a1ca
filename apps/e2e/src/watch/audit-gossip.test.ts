import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PrometheusMeter } from "@sprtn/observability";
import { expect } from "chai";
import { auditGossip, gossipVerdicts } from "./audit-gossip.js";

type Counts = Readonly<Record<string, number>>;

/** What a node with these counts answers to GET /metrics: `accept tx` is verdict and topic. */
async function metricsOf(counts: Counts): Promise<string> {
  const meter = new PrometheusMeter();
  const counter = meter.counter({
    name: "sprtn_p2p_gossip_messages_total",
    help: "Gossip messages received",
    labels: ["topic", "verdict"],
  });
  for (const [key, count] of Object.entries(counts)) {
    const [verdict = "", topic = ""] = key.split(" ");
    counter.add(count, { topic, verdict });
  }
  return meter.metricsText();
}

describe("auditing gossip", () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach(server => server.close()));

  async function node(name: string, counts: Counts) {
    const text = await metricsOf(counts);
    const server = createServer((_request, response) => response.end(text)).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it("reads the verdicts of each topic", async () => {
    const counts = { "accept tx": 5, "ignore tx": 2, "reject block_proposal": 1 };
    expect(Object.fromEntries(gossipVerdicts(await metricsOf(counts)))).to.deep.equal(counts);
  });

  it("adds up what was accepted where nothing is rejected", async () => {
    const nodes = [
      await node("a", { "accept tx": 5, "ignore tx": 2 }),
      await node("b", { "accept block_attestation": 3, "reject tx": 0 }),
    ];
    expect(await auditGossip(nodes)).to.equal(8);
  });

  it("tells which node rejected what", async () => {
    const nodes = [await node("a", { "accept tx": 5 }), await node("b", { "accept tx": 97, "reject tx": 3 })];
    const error = await auditGossip(nodes).catch((thrown: Error) => thrown);
    expect(String(error)).to.contain("honest gossip is broken: b rejected messages of honest nodes: reject tx 3");
  });
});
