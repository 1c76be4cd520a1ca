// docs/monitoring.md from the metrics that the libs declare and the codes that readiness reports:
// node tools/codegen/monitoring-reference.mjs [--check], after a build.
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { filesBelow, root } from "../checks/workspace.mjs";
import { currentGroups, reportedOnly } from "./error-reference.mjs";
import { writeOrCheck } from "./generated-page.mjs";

export const page = "docs/monitoring.md";

/** What a label's values are. Labels never hold what a peer or a caller chose. */
const labelValues = {
  chain: "`pending`, `proven`, `finalized`",
  circuit: "a circuit of [Proving](proving.md#hardware)",
  code: "an [error code](errors.md)",
  duty: "`proposal`, `attestation`",
  direction: "`in`, `out`; of peers `inbound`, `outbound`",
  kind: "a kind of payment: `private`, `transfer`, `shield`, `unshield`, `withdraw`",
  method: "a [JSON-RPC method](rpc.md); `unknown` for all others",
  origin: "where a transaction came from: `local`, `gossip`, `peer`",
  outcome: "how it ended: a word such as `ok`, `done` or `failed`, an [error code](errors.md), or a number of JSON-RPC",
  protocol: "`status`, `ping`, `goodbye`, `txs`",
  side: "`client` (this node asked), `server` (it answered)",
  stage: "how far a transaction is: `submitted`, `proposed`, `attested`, `pending`, `proven`, `finalized`",
  stat: "`p50`, `p99`, `max`",
  state: "of jobs: `queued`, `leased`, `done`, `failed`; of an epoch: `done`, `total`",
  status: "what became of a duty: `proposed`, `late`, `missed`, `idle`; `attested`, `missed`, `none` (DUTY-1)",
  step: "`sync`, `build`, `collect`, `publish`",
  topic: "`tx`, `block_proposal`, `block_attestation`, `epoch_proof_quote`",
  type: "what was signed: `Proposal`, `Attestation`",
  valid: "`true`, `false`",
  verdict: "`accept`; `ignore` (of no use); `reject` (breaks a rule, costs the peer score: 0 between honest nodes)",
};

/**
 * What GET /ready asks, in its order: the functions that `readinessChecks` calls, and the codes that each reports, as
 * enums or single codes.
 */
const readinessSources = [
  {
    asks: ["archiver.synced", "archiver.trouble"],
    title: "Does the node follow L1?",
    codes: ["NODE_NOT_SYNCED"],
    enums: ["ArchiverErrorCode", "BlockFaultCode"],
    also: "Also any `L1_…`, `STORAGE_…` or `WORLD_STATE_…` code: what L1's endpoint or the disk failed with.",
  },
  {
    asks: ["ownKeyWatch.alarm"],
    title: "Does nobody else use the validator's key?",
    codes: ["VALIDATOR_KEY_USED_ELSEWHERE"],
    enums: [],
  },
  {
    asks: ["membership.problem"],
    title: "Is the sequencer's key in the validator set?",
    codes: ["SEQUENCER_KEY_IN_NO_SET"],
    enums: [],
  },
];

/** The functions that the node's readiness asks, as its source has them. */
export function readinessQuestions(source = readFileSync(join(root, "libs/wiring/src/readiness.ts"), "utf8")) {
  const asked = [...source.matchAll(/\b(archiver|ownKeyWatch|membership)\.(\w+)\(\)/g)].map(
    ([, part, name]) => `${part}.${name}`,
  );
  return [...new Set(asked)].sort();
}

/** Every metric that a lib declares: `[{ lib, name, type, labels, help }]`. */
export async function declaredMetrics() {
  const files = filesBelow(join(root, "libs"), ["-metrics.ts"]);
  const found = [];
  for (const path of files) {
    const lib = basename(dirname(path.slice(0, path.indexOf("/src/") + 4)));
    const compiled = path.replace("/src/", "/dist/").replace(/\.ts$/, ".js");
    const note =
      type =>
      ({ name, help, labels = [] }) => {
        found.push({ lib, name, type, labels, help });
        return { add() {}, set() {}, observe() {} };
      };
    const meter = { counter: note("counter"), gauge: note("gauge"), histogram: note("histogram") };
    const clock = { nowMs: () => 0, steadyMs: () => 0, schedule: () => () => {} };
    const before = found.length;
    for (const made of Object.values(await import(pathToFileURL(compiled)))) {
      if (/^class\b/.test(String(made))) Reflect.construct(made, [{ meter, clock, onError() {} }, { intervalMs: 1 }]);
      else if (typeof made === "function") made(meter);
    }
    if (found.length === before) throw new Error(`${relative(root, path)} declares no metric: rename the file`);
  }
  return found.toSorted((a, b) => a.lib.localeCompare(b.lib) || a.name.localeCompare(b.name));
}

const intro = `# Monitoring

Generated from the declarations in the libs (\`npm run docs\`).

A node answers on the port of its [RPC](rpc.md); agents and bots answer \`/metrics\` on \`METRICS_PORT\` if it is set.
A local network (\`npm start\`) answers for its first validator and its bot: it shows no metrics of its prover and its
agent. There, \`prover_getEpochs\` tells how far the proofs are.

\`\`\`sh
curl -s http://127.0.0.1:8080/health     # 200 while the process answers: {"status":"alive"}
curl -s http://127.0.0.1:8080/ready      # 200 {"ready":true}, or 503 {"ready":false,"code":"…","reason":"…"}
curl -s http://127.0.0.1:8080/metrics    # Prometheus text
\`\`\`

Restart a process that fails \`/health\`. Do not restart one that fails \`/ready\`: the reason says what to do.

## Readiness

\`/ready\` asks these questions in this order, and reports the first one that is answered with no. A bootstrap node is
always ready. The full texts are in [Error codes](errors.md).
`;

const metricsIntro = `## Metrics

A process shows the metrics of the libs that it uses: only a node with a sequencer shows those of the sequencer, for
example. A histogram \`x\` has the series \`x_bucket\`, \`x_sum\` and \`x_count\`.
`;

const cell = text => text.replaceAll("|", "\\|");

function readinessSection({ title, codes, enums, also }, groups) {
  const known = new Map(groups.flatMap(group => group.codes.map(({ code, texts }) => [code, texts[0] ?? ""])));
  for (const [code, text] of Object.entries(reportedOnly)) known.set(code, text.replace(/^GET \/ready: /, ""));
  const all = [...codes, ...enums.flatMap(name => groupOf(groups, name).codes.map(({ code }) => code))];
  const rows = all.map(code => {
    const text = known.get(code);
    if (text === undefined) throw new Error(`readiness reports ${code}, which is no code: correct readinessSources`);
    return `| \`${code}\` | ${cell(text.charAt(0).toUpperCase() + text.slice(1))} |`;
  });
  return [
    `### ${title}`,
    "",
    "| Code | What keeps it from being ready |",
    "|---|---|",
    ...rows,
    ...(also === undefined ? [] : ["", also]),
    "",
  ].join("\n");
}

function groupOf(groups, name) {
  const group = groups.find(({ enumName }) => enumName === name);
  if (group === undefined) throw new Error(`there is no enum ${name}: correct readinessSources`);
  return group;
}

function monitoringReference(metrics, groups) {
  const libs = [...new Set(metrics.map(({ lib }) => lib))];
  const tables = libs.map(lib =>
    [
      `### ${lib}`,
      "",
      "| Metric | Type | Labels | Meaning |",
      "|---|---|---|---|",
      ...metrics
        .filter(metric => metric.lib === lib)
        .map(
          ({ name, type, labels, help }) =>
            `| \`${name}\` | ${type} | ${labels.map(label => `\`${label}\``).join(", ")} | ${cell(help)} |`,
        ),
      "",
    ].join("\n"),
  );
  const labels = [
    "### Labels",
    "",
    "| Label | Values |",
    "|---|---|",
    ...Object.entries(labelValues).map(([label, values]) => `| \`${label}\` | ${values} |`),
    "",
  ].join("\n");
  const readiness = readinessSources.map(source => readinessSection(source, groups));
  return `${[intro, ...readiness, metricsIntro, ...tables, labels].join("\n").trimEnd()}\n`;
}

/** The page as the code has it now, and what is missing in it. */
export async function currentMonitoring() {
  const metrics = await declaredMetrics();
  const used = new Set(metrics.flatMap(({ labels }) => labels));
  const listed = readinessSources.flatMap(({ asks }) => asks).sort();
  const asked = readinessQuestions();
  return {
    text: monitoringReference(metrics, currentGroups()),
    problems: [
      ...[...used].filter(label => !(label in labelValues)).map(label => `say in labelValues what ${label} may be`),
      ...Object.keys(labelValues)
        .filter(label => !used.has(label))
        .map(label => `no metric has the label ${label}: remove it from labelValues`),
      ...asked
        .filter(name => !listed.includes(name))
        .map(name => `readiness asks ${name}: list it in readinessSources`),
      ...listed.filter(name => !asked.includes(name)).map(name => `readiness does not ask ${name}: remove it`),
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, problems } = await currentMonitoring();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  writeOrCheck(page, text);
}
