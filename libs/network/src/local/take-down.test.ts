import { HostError, HostErrorCode } from "@sprtn/host";
import { expect } from "chai";
import { FakeHost } from "../test/fake-host.js";
import { bringUp } from "./bring-up.js";
import { type DownOptions, takeDown } from "./take-down.js";

const directory = "/net";

describe("taking a network down", () => {
  let host: FakeHost;
  const signal = new AbortController().signal;
  const up = () => bringUp(host, { directory, given: {}, waitMs: 1_000, signal, onProgress: () => undefined });
  const down = (options: Partial<DownOptions> = {}) =>
    takeDown(host, { directory, waitMs: 5_000, purge: false, signal, onProgress: () => undefined, ...options });
  const failure = async (options: Partial<DownOptions> = {}) =>
    down(options).then(
      () => expect.fail("it should have failed"),
      (error: { code: string; message: string }) => error,
    );

  beforeEach(async () => {
    host = new FakeHost();
    await up();
  });

  it("ends all in reverse order; afterwards nothing runs, and up goes on with the same contracts", async () => {
    const { stopped, killed } = await down();
    expect(stopped).to.deep.equal([
      "validator-1",
      "validator-2",
      "validator-3",
      "validator-4",
      "prover-1",
      "bootnode",
      "l1",
    ]);
    expect(killed).to.deep.equal([]);
    expect(host.started.filter(({ running }) => running)).to.deep.equal([]);
    expect((await down()).stopped).to.deep.equal([]);
    const { started } = await up();
    expect([started.includes("l1"), started.includes("deploy")]).to.deep.equal([true, false]);
  });

  it("kills what does not end in time", async () => {
    host.stubborn.add("validator-2");
    const { killed } = await down();
    expect(killed).to.deep.equal(["validator-2"]);
    expect(host.process("validator-2").signals).to.deep.equal(["SIGTERM", "SIGKILL"]);
    expect(host.process("validator-1").signals).to.deep.equal(["SIGTERM"]);
  });

  it("purge deletes a network's folder, and no other", async () => {
    await down({ purge: true });
    expect(host.disk.size).to.equal(0);
    host.disk.set("/net/thesis.tex", "mine");
    const { code, message } = await failure({ purge: true });
    expect([code, message.includes("--dir")]).to.deep.equal(["NETWORK_NOT_A_NETWORK", true]);
    host.disk.set("/net/network.json", "{}");
    expect((await failure({ purge: true })).code).to.equal("NETWORK_BAD_FILE");
    expect(host.disk.get("/net/thesis.tex")).to.equal("mine");
  });

  it("while it purges, nobody else can begin; killed meanwhile, it can be repeated", async () => {
    for (const path of ["/net/deployment.json", "/net/broker-token", "/net/validator-1"]) {
      host = new FakeHost();
      await up();
      host.onRemove = removed => {
        expect(host.disk.has("/net/network.lock"), removed).to.equal(true);
        if (removed === path) throw new TypeError("killed");
      };
      await down({ purge: true }).then(
        () => expect.fail(`${path} was not removed`),
        (error: Error) => expect(error.message).to.equal("killed"),
      );
      host.onRemove = () => undefined;
      await down({ purge: true });
      expect([...host.disk.keys()]).to.deep.equal([]);
    }
  });

  it("of a copy of a network's folder leaves the processes of the other one alone; up starts its own", async () => {
    for (const [path, text] of [...host.disk]) host.disk.set(path.replace("/net/", "/copy/"), text);
    expect((await down({ directory: "/copy" })).stopped).to.deep.equal([]);
    expect(host.started.filter(({ running }) => running)).to.have.length(7);
    await down();
    const options = { directory: "/copy", given: {}, waitMs: 1_000, signal, onProgress: () => undefined };
    expect((await bringUp(host, options)).started).to.include("validator-1");
  });

  it("ends all on a full disk too, where nothing can be noted", async () => {
    const full = async () => Promise.reject(new HostError(HostErrorCode.DISK_FULL, "full", {}));
    const { create, replace } = host.files;
    Object.assign(host.files, { create: full, replace: full });
    expect((await down()).stopped).to.have.length(7);
    expect((await down()).stopped).to.deep.equal([]);
    Object.assign(host.files, { create, replace });
    expect((await up()).started).to.have.length(7);
    Object.assign(host.files, { create: full, replace: full });
    await down({ purge: true });
    expect(host.disk.size).to.equal(0);
  });

  it("is refused while another command works on the network", async () => {
    host.disk.set("/net/network.lock", JSON.stringify(host.own));
    expect((await failure()).code).to.equal("HOST_BUSY");
    expect(host.process("l1").running).to.equal(true);
  });
});
