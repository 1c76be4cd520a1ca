// A hundred peers of one address that sign up, keep every rule, and take places.
import { pause, startPeer } from "./peer.mjs";

const PEERS = 100;

/** Some have a place, and the rest has tried to get one. */
export const hasAttacked = ({ peers, mostConnections }) => peers === PEERS && mostConnections >= PEERS / 4;

export async function attack(target, counts, signal) {
  Object.assign(counts, { peers: 0, connections: 0, mostConnections: 0 });
  const nodes = [];
  const look = () => {
    counts.connections = nodes.reduce((sum, node) => sum + node.peers().length, 0);
    counts.mostConnections = Math.max(counts.mostConnections, counts.connections);
  };
  // They wait at the door side by side.
  const comers = Array.from({ length: PEERS }, async (_, n) => {
    await pause(50 * n, signal);
    if (signal.aborted) return;
    nodes.push(await startPeer(target));
    counts.peers++;
  });
  while (!signal.aborted) {
    look();
    await pause(1_000, signal);
  }
  await Promise.all(comers);
}
