import { messageOf } from "@sprtn/primitives";
import { parseSettings } from "@sprtn/settings";
import { expect } from "chai";
import { contradictionsOf, nodeSettings, presetOf } from "./node-settings.js";

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

  const refusal = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const read = () => parseSettings(nodeSettings, { args, env, preset: presetOf, contradictions: contradictionsOf });
    try {
      read();
      return "";
    } catch (error) {
      expect(error).to.have.property("code", "SETTINGS_INVALID");
      expect(messageOf(error).split("\n")).to.have.length(1);
      return messageOf(error);
    }
  };

  for (const [args, env, named] of [
    [["--node", "--local-network"], {}, ["--node", "--local-network"]],
    [["--local-network"], { ROLE_SEQUENCER: "true" }, ["ROLE_SEQUENCER", "--local-network"]],
    [["--node"], { LOCAL_NETWORK: "1" }, ["--node", "LOCAL_NETWORK"]],
    [["--local-network=false"], {}, ["--local-network", "role"]],
    [["--deployment-file", "d.json"], {}, ["--deployment-file", "--node"]],
    [[], { DEPLOYMENT_FILE: "d.json" }, ["DEPLOYMENT_FILE", "--node"]],
    [["--local-network", "--bootnode-url", "http://a"], {}, ["--bootnode-url"]],
    [["--ethereum-host", "http://a"], {}, ["--ethereum-host"]],
    [["--l1-chain-id", "1"], {}, ["--l1-chain-id"]],
    [["--prover-client-url", "http://a"], {}, ["--prover-client-url"]],
    [["--prover-broker-host", "http://a"], {}, ["--prover-broker-host"]],
    [["--node", "--simulated-proofs"], {}, ["--node", "--simulated-proofs"]],
    [["--sequencer", "--local-validators", "3"], {}, ["--sequencer", "--local-validators"]],
    [["--p2p-bootstrap", "--p2p-enabled", "false"], {}, ["--p2p-bootstrap", "--p2p-enabled"]],
    [["--node"], { SEQ_PUBLISHER_PRIVATE_KEY: `0x${"11".repeat(32)}`, MNEMONIC: "a b" }, ["MNEMONIC"]],
    [["--node", "--p2p-min-peers", "9", "--p2p-max-peers", "8"], {}, ["--p2p-min-peers", "--p2p-max-peers"]],
    [["--node", "--p2p-min-peers", "51"], {}, ["--p2p-min-peers", "P2P_MAX_PEERS"]],
    [["--local-l1-block-seconds", "9"], {}, ["--local-l1-block-seconds", "LOCAL_SLOT_SECONDS"]],
    [["--local-committee", "5"], {}, ["--local-committee", "LOCAL_VALIDATORS"]],
    [["--preset", "phase1", "--local-committee", "49"], {}, ["--local-committee", "LOCAL_VALIDATORS"]],
    [["--local-validators", "129"], {}, ["--local-validators", "128"]],
    [["--preset", "mainnet"], {}, ["--preset", "phase1"]],
    [["--node", "--preset", "phase1"], {}, ["--node", "--preset"]],
    [["--node"], { SEQ_MIN_TX_PER_BLOCK: "5", SEQ_MAX_TX_PER_BLOCK: "4" }, ["SEQ_MIN_TX_PER_BLOCK"]],
    [
      ["--node", "--seq-min-seconds-between-blocks", "61", "--seq-max-seconds-between-blocks", "60"],
      {},
      ["--seq-min-seconds-between-blocks", "--seq-max-seconds-between-blocks"],
    ],
    [["--node", "--dense", "0..7"], {}, ["--dense", "--sequencer"]],
    [["--dense", "0..7"], {}, ["--dense", "--node"]],
    [["--sequencer", "--dense", "7..0"], {}, ["--dense", "0..63"]],
    [["--sequencer", "--prover-node", "--dense", "0..7"], {}, ["--dense", "--prover-node"]],
    [["--sequencer", "--bot"], { DENSE: "0..7" }, ["DENSE", "--bot"]],
    [["--sequencer", "--coinbase", `0x${"00".repeat(20)}`], {}, ["--coinbase"]],
    [["--bot", "--bot-max-amount", "0"], {}, ["--bot-max-amount"]],
    [["--node", "--bootnode-url", "http://user:pass@a"], {}, ["--bootnode-url", "without user name and password"]],
    [["--node", "--prover-client-url", "http://user:pass@a"], {}, ["--prover-client-url"]],
    [["--node", "--prover-broker-host", "http://user:pass@a"], {}, ["PROVER_BROKER_TOKEN"]],
    [["--node"], { PROVER_QUEUE_URL: "redis://u%zz:pass@a" }, ["PROVER_QUEUE_URL", "%25"]],
    [["--node", "--ethereum-host", "http://u%zz:pass@a"], {}, ["--ethereum-host", "%25"]],
    [["--node", "--node-name", "a\nb\u001b[31m"], {}, ["--node-name", "control characters"]],
    [["--node", "--node"], {}, ["--node", "twice"]],
    [["--node", "--aztec-port", "1", "--aztec-port", "2"], {}, ["--aztec-port", "twice"]],
    [["--node", "--aztec-port"], {}, ["--aztec-port"]],
    [["--node", "--aztec-port", "65536"], {}, ["--aztec-port"]],
    [["--nod"], {}, ["--nod", "--node"]],
  ] as const)
    it(`refuses in one line: ${[...args, ...Object.keys(env)].join(" ")}`, () => {
      const text = refusal(args, env);
      for (const name of named) expect(text).to.contain(name);
      expect(text).not.to.match(/:pass/);
    });

  for (const [args, env] of [
    [[], {}],
    [["--local-network"], {}],
    [["--local-network", "--simulated-proofs"], { ETHEREUM_HOST: "http://a", AZTEC_NODE_URL: "http://a" }],
    [["--node", "--local-network=false"], { LOCAL_VALIDATORS: "3" }],
    [["--node=false", "--local-network"], {}],
    [["--preset", "phase1", "--local-validators", "2", "--local-l1-block-seconds", "12"], {}],
    [["--local-validators", "128", "--local-committee", "128"], {}],
    [["--sequencer", "--node", "--deployment-file", "d.json"], {}],
    [["--node", "--p2p-max-peers", "2"], {}],
    [["--node", "--p2p-min-peers", "8", "--p2p-max-peers", "8", "--seq-min-seconds-between-blocks", "9"], {}],
    [["--node", "--ethereum-host", "http://user:secret@a"], { PROVER_QUEUE_URL: "redis://user:secret@a" }],
  ] as const)
    it(`takes: ${[...args, ...Object.keys(env)].join(" ") || "nothing"}`, () => {
      expect(refusal(args, env)).to.equal("");
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
