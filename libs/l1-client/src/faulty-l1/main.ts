import { parseArgs } from "node:util";
import { FaultyL1 } from "./faulty-l1.js";

/**
 * `node main.js --upstream http://127.0.0.1:8545 --port 8546 --count 3`: a process with that many endpoints, on ports
 * in a row or, with port 0, on free ones. Each misbehaves as `PUT /mode` tells it.
 */
const { upstream, port, count } = parseArgs({
  options: {
    upstream: { type: "string", default: "http://127.0.0.1:8545" },
    port: { type: "string", default: "8546" },
    count: { type: "string", default: "1" },
  },
}).values;
const ports = Array.from({ length: Number(count) }, (_, index) => (Number(port) === 0 ? 0 : Number(port) + index));
const endpoints = await Promise.all(ports.map(each => FaultyL1.start(upstream, each)));
const urls = endpoints.map(({ url }) => url).join(",");
process.stdout.write(`faulty L1 at ${urls}, in front of ${new URL(upstream).host}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void Promise.all(endpoints.map(endpoint => endpoint.stop())));
