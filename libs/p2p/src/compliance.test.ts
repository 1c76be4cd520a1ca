import { gossipCompliance, requestResponseCompliance } from "@sprtn/testing/compliance";
import type { P2pNode } from "./p2p-node.js";
import { acceptedPeers, LocalNetwork, subscribed } from "./test/local-network.js";
import { REQUEST_PROTOCOLS } from "./network.js";

/** Starts `nodes` one after the other, each knowing those before it, and waits until all are connected. */
async function connect(nodes: readonly P2pNode[]): Promise<void> {
  for (const [i, node] of nodes.entries()) {
    await node.start(new AbortController().signal);
    for (const earlier of nodes.slice(0, i)) await node.dial(earlier.addresses()[0] as string);
  }
  await Promise.all(nodes.map(node => acceptedPeers(node, nodes.length - 1)));
}

gossipCompliance("P2pNode", async members => {
  const network = new LocalNetwork();
  const nodes = members.map(subscriptions => {
    const { node } = network.create({ minPeers: 0 });
    for (const { topic, handler } of subscriptions) node.subscribe(topic, handler);
    return node;
  });
  await connect(nodes);
  for (const [i, subscriptions] of members.entries()) {
    for (const { topic } of subscriptions) {
      const listeners = members.filter(
        (other, j) => j !== i && other.some(subscription => subscription.topic === topic),
      ).length;
      await subscribed(nodes[i] as P2pNode, topic, listeners);
    }
  }
  return { members: nodes, close: () => network.stop() };
});

requestResponseCompliance("P2pNode", async members => {
  const network = new LocalNetwork();
  const nodes = members.map(served => {
    const { node } = network.create({ minPeers: 0 });
    for (const protocol of REQUEST_PROTOCOLS) {
      const handler = served[protocol];
      if (handler) node.serve(protocol, handler);
    }
    return node;
  });
  await connect(nodes);
  return { members: nodes.map(node => ({ id: node.peerId, requests: node })), close: () => network.stop() };
});
