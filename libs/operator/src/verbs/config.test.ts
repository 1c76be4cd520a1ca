import { expect } from "chai";
import { envText } from "../installation/env-text.js";
import { envVariables } from "../installation/env-variables.js";
import type { Installation } from "../installation/installation.js";
import { requireInstalled } from "../installation/read-installation.js";
import { BOOTNODE, KEY, L1, OTHER_KEY, programs, validator, withNetwork } from "../test/example.js";
import { FakeOperatorHost, identityOf } from "../test/fake-operator-host.js";
import { config } from "./config.js";

describe("config", () => {
  let host: FakeOperatorHost;
  const run = (changes: Partial<Installation> = {}, print = false) =>
    config(host, { installation: { ...validator, ...changes }, programs, checkSettings: () => undefined, print });
  const failure = async (changes: Partial<Installation> = {}) => {
    const code = await run(changes).then(
      () => "none",
      (error: unknown) => (error as { code: string }).code,
    );
    expect(
      [...host.disk.keys()].filter(path => path.startsWith("/srv/v1/")),
      "files",
    ).to.deep.equal([]);
    return code;
  };
  beforeEach(() => {
    host = withNetwork(new FakeOperatorHost());
  });

  it("writes three files; secrets are in .env alone", async () => {
    const { written, address, network } = await run({ peerKey: OTHER_KEY });
    expect(written).to.deep.equal(["/srv/v1/docker-compose.yml", "/srv/v1/sprtn.service", "/srv/v1/.env"]);
    expect([address?.slice(0, 6), network?.l1ChainId]).to.deep.equal(["0xf39f", 31337n]);
    expect(host.disk.get("/srv/v1/.env")).to.contain(KEY).and.contain("L1_CHAIN_ID=31337");
    for (const name of ["docker-compose.yml", "sprtn.service"])
      expect(host.disk.get(`/srv/v1/${name}`)).to.not.match(/[0-9a-f]{64}/);
  });

  it("what was written is what is read", async () => {
    await run();
    const { role, mode, name, rpcUrl, ethereumHosts, dataDirectory } = await requireInstalled(host.files, "/srv/v1");
    expect({ role, mode, name, rpcUrl, ethereumHosts, dataDirectory }).to.deep.equal({
      role: "validator",
      mode: "native",
      name: "validator",
      rpcUrl: "http://127.0.0.1:8080",
      ethereumHosts: [L1],
      dataDirectory: "/srv/v1/data",
    });
  });

  it("again, it changes nothing; changed, the earlier file is kept", async () => {
    await run();
    expect((await run()).written).to.deep.equal([]);
    const before = host.disk.get("/srv/v1/.env");
    expect((await run({ rpcPort: 8090 })).written).to.include("/srv/v1/.env");
    expect(host.disk.get("/srv/v1/.env.bak")).to.equal(before);
    expect(host.disk.get("/srv/v1/.env")).to.contain("AZTEC_PORT=8090");
  });

  it("print writes nothing", async () => {
    expect((await run({}, true)).files).to.have.length(3);
    expect(host.disk.size).to.equal(0);
  });

  it("another role takes away what the first one had", async () => {
    await run();
    await run({ role: "node", privateKey: undefined });
    const text = host.disk.get("/srv/v1/.env");
    expect(text).to.not.contain("SEQUENCER").and.not.contain("PRIVATE_KEY");
  });

  it("a prover node gets a token for its agents, and keeps it", async () => {
    await run({ role: "prover-node" });
    expect(host.disk.get("/srv/v1/.env")).to.contain(`PROVER_BROKER_TOKEN=${host.newSecret()}`);
  });

  it("writes nothing while a port is taken, unless by the node itself", async () => {
    host.takenPorts.add(8080);
    expect(await failure()).to.equal("OPERATOR_PORT_TAKEN");
    expect(await failure({ rpcPort: 8081, p2pPort: 8081 })).to.equal("OPERATOR_PORT_TAKEN");
    host.takenUdpPorts.add(40_401);
    expect(await failure({ rpcPort: 8081, p2pPort: 40_401 })).to.equal("OPERATOR_PORT_TAKEN");
    const node = identityOf(77);
    host.running.add(77);
    const record = { version: 1, supervisor: node, node, state: "running", sinceMs: 0, restarts: 0 };
    host.disk.set("/srv/v1/run/node.json", JSON.stringify(record));
    await run();
  });

  it("writes nothing while L1 or the network does not answer, or do not belong together", async () => {
    expect(await failure({ ethereumHosts: [L1, "http://nobody:1"] })).to.equal("OPERATOR_UNREACHABLE");
    expect(await failure({ bootnodeUrl: "http://nobody:1" })).to.equal("OPERATOR_UNREACHABLE");
    expect(await failure({ bootnodeUrl: L1 })).to.equal("OPERATOR_REFUSED");
    host.endpoints.set(BOOTNODE, { node_getNodeInfo: () => ({ version: "1" }) });
    expect(await failure()).to.equal("OPERATOR_BAD_ANSWER");
    withNetwork(host);
    const l1 = host.endpoints.get(L1) ?? {};
    host.endpoints.set(L1, { ...l1, eth_chainId: () => "0x1" });
    expect(await failure()).to.equal("OPERATOR_WRONG_CHAIN");
    host.endpoints.set(L1, { ...l1, eth_getCode: () => "0x" });
    expect(await failure()).to.equal("OPERATOR_FOREIGN_DEPLOYMENT");
    host.endpoints.set(L1, { ...l1, eth_chainId: () => "many" });
    expect(await failure()).to.equal("OPERATOR_BAD_ANSWER");
  });

  it("writes nothing for a key that is none, or that another installation has", async () => {
    expect(await failure({ privateKey: `0x${"0".repeat(64)}` })).to.equal("OPERATOR_BAD_KEY");
    host.disk.set("/srv/v2/.env", envText(envVariables({ ...validator, directory: "/srv/v2" }), undefined));
    expect(await failure()).to.equal("OPERATOR_KEY_IN_USE");
    await run({ privateKey: OTHER_KEY });
  });

  it("tells all that is missing, and what cannot be a name", async () => {
    expect(await failure({ bootnodeUrl: undefined, privateKey: undefined })).to.equal("OPERATOR_USAGE");
    expect(await failure({ role: "prover-agent" })).to.equal("OPERATOR_USAGE");
    expect(await failure({ name: "../x" })).to.equal("OPERATOR_USAGE");
    expect(await failure({ name: "a: b" })).to.equal("OPERATOR_USAGE");
  });

  it("writes nothing that the node would not take", async () => {
    const refused = new Error("no");
    const checkSettings = () => {
      throw refused;
    };
    const failed = await config(host, { installation: validator, programs, checkSettings, print: false }).catch(
      (error: unknown) => error,
    );
    expect([failed, host.disk.size]).to.deep.equal([refused, 0]);
  });
});
