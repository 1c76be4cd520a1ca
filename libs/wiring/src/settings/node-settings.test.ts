import { parseSettings } from "@sprtn/settings";
import { expect } from "chai";
import { nodeSettings, presetOf } from "./node-settings.js";

function parse(...args: string[]) {
  return parseSettings(nodeSettings, { args, env: {}, preset: presetOf }).settings;
}

describe("settings of a node", () => {
  it("is a local network without a role, and none with one", () => {
    expect(parse().process.localNetwork).to.equal(true);
    expect(parse().p2p.minPeers).to.equal(3);
    expect(parse("--node").process.localNetwork).to.equal(false);
    expect(parse("--sequencer", "--local-network").process).to.include({ localNetwork: true, sequencer: true });
  });

  it("takes every role by its short flag", () => {
    const { process } = parse(
      "--node",
      "--archiver",
      "--sequencer",
      "--prover-node",
      "--prover",
      "--pxe",
      "--p2p-bootstrap",
      "--bot",
    );
    expect(process).to.include({
      node: true,
      archiver: true,
      sequencer: true,
      proverNode: true,
      prover: true,
      pxe: true,
      bootstrap: true,
      bot: true,
    });
  });

  it("takes the URLs of other nodes", () => {
    const { process, agent } = parse(
      "--node",
      "--bootnode-url",
      "http://127.0.0.1:8080/",
      "--prover-client-url",
      "https://prover.example",
      "--prover-broker-host",
      "http://127.0.0.1:8081",
    );
    expect(process).to.include({ bootnodeUrl: "http://127.0.0.1:8080", proverUrl: "https://prover.example" });
    expect(agent.brokerHost).to.equal("http://127.0.0.1:8081");
  });
});
