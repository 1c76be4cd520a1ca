// docs/settings.md from the declarations that the programs parse: node tools/codegen/settings-reference.mjs [--check],
// after a build.
import { fileURLToPath } from "node:url";
import { writeOrCheck } from "./generated-page.mjs";

export const page = "docs/settings.md";

const intro = `# Settings

Generated from the settings' declarations (\`npm run docs\`); each program lists its own with \`--help\`.

A setting is taken from the first of these that gives it: a flag, the environment, a \`.env\` file in the working
directory (not for the demo), a preset, its default. All wrong values, unknown flags and missing settings are reported
together, each with what is expected. Durations take \`ms\`, \`s\`, \`m\`, \`h\`, \`d\`; amounts take \`wei\`,
\`gwei\`, \`eth\`, \`ether\`, \`azt\`. Secrets are never printed.
`;

/** The programs, the one with most settings first: what the others share with it is not repeated. */
async function programs() {
  const [
    { nodeSettings, localPreset, agentSettings, botProcessSettings },
    { deployerSettings },
    { upSettings: up, downSettings: down, logsSettings: logs, renderSettings: render },
    { demoProcessSettings },
    sprtn,
    { runSettings, compareSettings },
  ] = await Promise.all(
    [
      "libs/wiring/dist",
      "apps/deployer/dist",
      "apps/deployer/dist/network",
      "apps/wallet-demo/dist",
      "apps/sprtn/dist",
      "apps/tx-bot/dist/load",
    ].map(folder => import(`../../${folder}/settings.js`)),
  );
  return {
    localPreset,
    list: [
      {
        name: "node",
        text: "`npm start -- …` (apps/node): a node with any set of roles, or a whole local network if none is given.",
        composition: nodeSettings,
      },
      {
        name: "deployer",
        text: "`apps/deployer/bin/deployer …`: deploys the contracts and writes the deployment file.",
        composition: deployerSettings,
      },
      {
        name: "deployer network",
        text:
          "`apps/deployer/bin/deployer network up|status|down|logs|render …`: whole networks of processes. The first " +
          "table is for `up` and `render`; `network VERB --help` lists what a verb takes.",
        composition: { groups: { ...up.groups, ...down.groups, ...logs.groups, ...render.groups } },
      },
      {
        name: "sprtn",
        text:
          "`apps/sprtn/bin/sprtn config|start|stop|restart|logs|status …`: [one node](run-a-node.md). `sprtn VERB " +
          "--help` lists what a verb takes.",
        composition: { groups: groupsOf(sprtn, ["config", "start", "stop", "logs", "status", "doctor"]) },
      },
      {
        name: "sprtn validator, rewards, teocalli",
        text: "`apps/sprtn/bin/sprtn validator|rewards|teocalli …`: what an operator sends to L1.",
        composition: { groups: groupsOf(sprtn, ["validator", "rewards", "teocalli"]) },
      },
      {
        name: "prover-agent",
        text: "apps/prover-agent: proves for a prover node elsewhere.",
        composition: agentSettings,
      },
      { name: "tx-bot", text: "apps/tx-bot: load for any node.", composition: botProcessSettings },
      {
        name: "tx-bot run, compare",
        text: "`apps/tx-bot/bin/tx-bot run|compare …`: [load tests](load.md).",
        composition: { groups: { ...runSettings.groups, ...compareSettings.groups } },
      },
      {
        name: "wallet-demo",
        text: "`npm run demo -- …` (apps/wallet-demo): deposit, private payment, withdrawal.",
        composition: demoProcessSettings,
      },
    ],
  };
}

/** Of several verbs together: they share settings. */
function groupsOf(settings, verbs) {
  return Object.assign({}, ...verbs.map(verb => settings[`${verb}VerbSettings`].groups));
}

/** `lib`: @sprtn/settings, which knows how a table is written. */
export async function settingsReference() {
  const { composeSettings, referenceMarkdown } = await import("../../libs/settings/dist/index.js");
  const { list, localPreset } = await programs();
  const described = new Set();
  const sections = list.map(({ name, text, composition }) => {
    const own = {};
    const shared = [];
    for (const [group, declaration] of Object.entries(composition.groups)) {
      const fresh = Object.entries(declaration).filter(([, setting]) => !described.has(setting));
      const known = Object.values(declaration).filter(setting => described.has(setting));
      if (fresh.length > 0) own[group] = Object.fromEntries(fresh);
      shared.push(...known.map(setting => `\`${setting.env}\``));
      for (const [, setting] of fresh) described.add(setting);
    }
    const tables = Object.keys(own).length === 0 ? "" : referenceMarkdown(composeSettings(own));
    return [
      `## ${name}`,
      "",
      text,
      "",
      ...(shared.length > 0 ? [`As described above: ${shared.join(", ")}.`, ""] : []),
      tables,
    ].join("\n");
  });
  const preset = [
    "## Preset of a local network",
    "",
    "What `npm start` without a role sets, unless told otherwise:",
    "",
    "| Environment | Value |",
    "|---|---|",
    ...Object.entries(localPreset).map(([name, value]) => `| \`${name}\` | ${value} |`),
    "",
  ].join("\n");
  return `${[intro, ...sections, preset].join("\n").trimEnd()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeOrCheck(page, await settingsReference());
