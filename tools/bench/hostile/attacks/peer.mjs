// A peer that signs up like any other and then does what its attack wants.
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { P2pNode } from "@sprtn/p2p";
import { MemoryLogger } from "@sprtn/testing";

const silentMeter = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
};
/** Nothing is kept: a flood of lines would be the attacker's own trouble. */
class NoLogger extends MemoryLogger {
  error() {}
  warn() {}
  info() {}
  verbose() {}
  debug() {}
  child() {
    return this;
  }
}

/** Connected to the nodes at `addresses`; `handlers` hear what comes on their topics, and nothing is passed on. */
export async function startPeer({ network, addresses }, handlers = {}) {
  const node = new P2pNode(
    { clock: systemClock, random: systemRandom, logger: new NoLogger(), meter: silentMeter },
    {
      network: { chainId: BigInt(network.chainId), rollupVersion: BigInt(network.rollupVersion) },
      role: "node",
      tcpListen: { host: "127.0.0.1", port: 0 },
      udpListen: { host: "127.0.0.1", port: 0 },
      queryForIp: false,
      discovery: false,
      minPeers: addresses.length,
      maxPeers: 200,
      maxPeersPerAddress: 200,
      bootstrapNodes: addresses,
    },
  );
  for (const topic of ["tx", "block_proposal", "block_attestation", "epoch_proof_quote"])
    node.subscribe(topic, message => {
      handlers[topic]?.(message, node);
      return { result: "ignore", code: "ATTACKER" };
    });
  await node.start(new AbortController().signal);
  await Promise.all(addresses.map(address => node.dial(address).catch(() => {})));
  return node;
}

/** Waits until a peer has let this one in, ten seconds at most. */
export async function letIn(node, signal) {
  for (let tries = 0; tries < 50 && node.peers().length === 0 && !signal.aborted; tries++) await pause(200, signal);
}

/** Waits, or less if the attack ends. */
export function pause(ms, signal) {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
