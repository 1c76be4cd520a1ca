import { parseArgs } from "node:util";
import { FaultyL1 } from "./faulty-l1.js";

/** `node main.js --upstream http://127.0.0.1:8545 --port 8546`: a process that misbehaves as `PUT /mode` tells it. */
const { upstream, port } = parseArgs({
  options: {
    upstream: { type: "string", default: "http://127.0.0.1:8545" },
    port: { type: "string", default: "8546" },
  },
}).values;
const faulty = await FaultyL1.start(upstream, Number(port));
process.stdout.write(`faulty L1 at ${faulty.url}, in front of ${upstream}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void faulty.stop());
