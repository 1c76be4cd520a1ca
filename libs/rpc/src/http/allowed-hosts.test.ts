import { expect } from "chai";
import { isAllowedHost, isLoopback } from "./allowed-hosts.js";

const listen = { listen: "127.0.0.1", allowed: [] };

describe("allowed hosts", () => {
  it("are this machine's own names, the address listened on, and where the connection came in", () => {
    for (const host of ["localhost", "LOCALHOST:8080", "localhost.", "127.0.0.1:8080", "[::1]", "[::1]:8080"])
      expect(isAllowedHost(host, listen, "127.0.0.1"), host).to.equal(true);
    expect(isAllowedHost("10.1.2.3:8080", { listen: "10.1.2.3", allowed: [] }, undefined)).to.equal(true);
    const any = { listen: "0.0.0.0", allowed: [] };
    expect(isAllowedHost("10.1.2.3:8080", any, "10.1.2.3")).to.equal(true);
    expect(isAllowedHost("10.1.2.3:8080", any, "::ffff:10.1.2.3")).to.equal(true);
    expect(isAllowedHost("[fd00::7]:8080", { listen: "::", allowed: [] }, "fd00::7")).to.equal(true);
    // Callers leave out the zone, which is this machine's business.
    expect(isAllowedHost("[fe80::7]:8080", { listen: "::", allowed: [] }, "fe80::7%eth0")).to.equal(true);
  });

  it("are not the names of others, however they are written", () => {
    const others = [
      undefined,
      "",
      "evil.example",
      "evil.example:8080",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "127.0.0.1@evil.example",
      "evil.example/127.0.0.1",
      "127.0.0.1:8080:1",
      "127.0.0.1 evil.example",
      "[::1].evil.example",
      "10.9.9.9",
      "localhost%evil.example",
      "::1::1",
    ];
    for (const host of others) expect(isAllowedHost(host, listen, "127.0.0.1"), String(host)).to.equal(false);
  });

  it("are those that a setting names besides", () => {
    const named = { listen: "127.0.0.1", allowed: ["Node.example", "fd00::7"] };
    expect(isAllowedHost("node.example:443", named, "127.0.0.1")).to.equal(true);
    expect(isAllowedHost("[fd00::7]:8080", named, "127.0.0.1")).to.equal(true);
    expect(isAllowedHost("other.example", named, "127.0.0.1")).to.equal(false);
    expect(isAllowedHost("other.example", { listen: "127.0.0.1", allowed: ["*"] }, "127.0.0.1")).to.equal(true);
  });

  it("tell loopback from what others reach", () => {
    for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "::1"]) expect(isLoopback(host), host).to.equal(true);
    for (const host of ["0.0.0.0", "::", "10.0.0.1", "node.example"]) expect(isLoopback(host), host).to.equal(false);
  });
});
