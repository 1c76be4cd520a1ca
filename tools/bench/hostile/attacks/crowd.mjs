// A hundred peers of one address that sign up, keep every rule, and take places.
import { pause, startPeer } from "./peer.mjs";

const PEERS = 100;

export async function attack(target, signal) {
  const nodes = [];
  while (nodes.length < PEERS && !signal.aborted) {
    nodes.push(await startPeer(target));
    await pause(100, signal);
  }
  while (!signal.aborted) await pause(60_000, signal);
  const counts = {
    peers: nodes.length,
    connectionsAtTheEnd: nodes.reduce((sum, node) => sum + node.peers().length, 0),
  };
  await Promise.all(nodes.map(node => node.stop().catch(() => {})));
  return counts;
}
