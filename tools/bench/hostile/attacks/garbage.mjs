// Thirty-five peers that sign up and send garbage: on every topic, on every request protocol, and as raw bytes on a
// socket. One that was sent away comes back under another name, no sooner than an address would be let in again.
import { randomBytes, randomInt } from "node:crypto";
import { connect } from "node:net";
import { letIn, pause, startPeer } from "./peer.mjs";

const PEERS = 35;
const MAX_IDENTITIES = 2_000;
const MESSAGES_A_SECOND = 40;
const sizes = { tx: 20_000, block_proposal: 5_000, block_attestation: 168, epoch_proof_quote: 500 };

/** An address may open so many connections a second to a node; on loopback nobody counts them. */
const CONNECTIONS_A_SECOND = 20;

export const hasAttacked = ({ identities, messages, requests }) =>
  identities >= PEERS && messages >= PEERS && requests >= PEERS;

export async function attack(target, counts, signal) {
  Object.assign(counts, { identities: 0, messages: 0, requests: 0, rawConnections: 0 });
  const garbage = async () => {
    while (!signal.aborted && counts.identities < MAX_IDENTITIES) {
      counts.identities++;
      const node = await startPeer(target).catch(() => undefined);
      if (node !== undefined) await letIn(node, signal);
      const isAmongThem = () => node !== undefined && node.peers().length > 0;
      while (isAmongThem() && !signal.aborted) {
        for (const [topic, size] of Object.entries(sizes)) {
          const sent = await node.publish(topic, randomBytes(randomInt(1, size))).catch(() => 0);
          if (sent > 0) counts.messages++;
        }
        const [peer] = node.peers();
        if (peer !== undefined) {
          counts.requests++;
          void node.request(peer, { protocol: "txs", data: randomBytes(randomInt(1, 2_000)) }).catch(() => {});
        }
        await pause((4 * 1_000) / MESSAGES_A_SECOND, signal);
      }
      await node?.stop().catch(() => {});
      raw(target, counts);
      await pause((1_000 * 2 * PEERS) / CONNECTIONS_A_SECOND, signal);
    }
  };
  await Promise.all(Array.from({ length: PEERS }, garbage));
}

/** No libp2p at all. */
function raw({ addresses }, counts) {
  const port = Number(/\/tcp\/(\d+)/.exec(addresses[randomInt(addresses.length)])?.[1]);
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  counts.rawConnections++;
  socket.write(randomBytes(10_000));
  setTimeout(() => socket.destroy(), 5_000).unref();
}
