// docs/rpc.md from the method groups that the server serves: node tools/codegen/rpc-reference.mjs [--check], after a
// build.
import { fileURLToPath } from "node:url";
import { writeOrCheck } from "./generated-page.mjs";

export const page = "docs/rpc.md";

const intro = `# JSON-RPC

Generated from the method groups (\`npm run docs\`).

JSON-RPC 2.0 on \`POST /\` at port \`AZTEC_PORT\` (8080), on 127.0.0.1 unless \`RPC_HOST\` says otherwise. Fields
and hashes are \`0x\` and 64 hex digits; big numbers are decimal strings. \`rpc.discover\` returns the OpenRPC document.
\`createNodeClient\` of \`@sprtn/rpc/client\` is the typed client. Errors carry their [code](errors.md) in
\`error.data.code\`. \`GET /health\`, \`GET /ready\` and \`GET /metrics\` are for operators:
[Monitoring](monitoring.md). Read [Exposing an RPC](run-a-network.md#exposing-an-rpc) before you open it to others.

\`\`\`sh
curl -s http://127.0.0.1:8080 -H 'content-type: application/json' \\
  -d '{"jsonrpc":"2.0","id":1,"method":"node_getChainTips","params":[]}'
\`\`\`

Parameters are given in the order of the tables. The proposer of slot 17, the committee of an epoch that is too far
ahead, and the block at the proven tip, on a local network (the last two answers are shortened):

\`\`\`sh
curl -s http://127.0.0.1:8080 -H 'content-type: application/json' \\
  -d '{"jsonrpc":"2.0","id":1,"method":"node_getProposer","params":[17]}'
# {"jsonrpc":"2.0","id":1,"result":"0x976ea74026e726554db657fa54763abd0c3a0aa9"}
curl -s http://127.0.0.1:8080 -H 'content-type: application/json' \\
  -d '{"jsonrpc":"2.0","id":2,"method":"node_getCommittee","params":[9]}'
# {"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"…","data":{"code":"CONSENSUS_EPOCH_NOT_FIXED"}}}
curl -s http://127.0.0.1:8080 -H 'content-type: application/json' \\
  -d '{"jsonrpc":"2.0","id":3,"method":"node_getBlock","params":["proven"]}'
# {"jsonrpc":"2.0","id":3,"result":{"header":{"lastArchive":"0x…","number":21,"slot":23,…},"effects":[…],…}}
\`\`\`
`;

const sections = [
  { title: "node", text: "Served by every node, for wallets, tools and other nodes." },
  { title: "prover", text: "Served by prover nodes and by a local network." },
  {
    title: "broker",
    text: "Served by prover nodes for their own agents, which send `PROVER_BROKER_TOKEN` as `authorization: Bearer …`.",
  },
];

const cell = text => text.replaceAll("|", "\\|");

/** One row a method. */
function methodRows({ prefix, methods }) {
  return Object.entries(methods).map(([name, { params, summary }]) => {
    const parameters = params.map(param => `\`${param.name}\`: ${param.description}`).join("<br>");
    return `| \`${prefix}${name}\` | ${cell(parameters)} | ${cell(summary)} |`;
  });
}

/** The page as the code has it now. */
export async function rpcReference() {
  const [{ nodeMethods, proverMethods, brokerMethods }, { jsFieldHasher }] = await Promise.all([
    import("../../libs/rpc/dist/index.js"),
    import("../../libs/primitives/dist/index.js"),
  ]);
  const groups = [nodeMethods(jsFieldHasher), proverMethods, brokerMethods];
  const tables = sections.map(({ title, text }, i) =>
    [`## ${title}`, "", text, "", "| Method | Parameters | Answers |", "|---|---|---|", ...methodRows(groups[i])].join(
      "\n",
    ),
  );
  return `${[intro.trimEnd(), ...tables].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeOrCheck(page, await rpcReference());
