import { inspect } from "node:util";
import { expect } from "chai";
import {
  bytes32,
  boolean,
  composeSettings,
  defineSettings,
  durationMs,
  formatExplanations,
  helpText,
  list,
  nodeUrl,
  oneOf,
  parseSettings,
  port,
  referenceMarkdown,
  Secret,
  SettingsError,
  type SettingsOf,
  type SettingsSources,
  text,
  url,
  wantsHelp,
  wantsVersion,
} from "./index.js";
import { suggest } from "./suggest.js";

const node = defineSettings({
  port: {
    env: "AZTEC_PORT",
    extraFlags: ["-p"],
    parse: port,
    default: 8080,
    description: "Port of the JSON-RPC server",
  },
  bootnodeUrl: {
    env: "BOOTNODE_URL",
    aliases: ["BOOT_NODE_URL"],
    parse: nodeUrl,
    default: undefined,
    description: "Where to learn of the network",
  },
  l1Urls: { env: "ETHEREUM_HOST", parse: list(url(), { min: 1 }), description: "Ethereum nodes" },
});
const p2p = defineSettings({
  enabled: { env: "P2P_ENABLED", parse: boolean, default: true, description: "Whether to gossip" },
  key: {
    env: "PEER_ID_PRIVATE_KEY",
    parse: bytes32,
    default: undefined,
    defaultText: "made at the first start",
    secret: true,
    description: "Identity in the network",
  },
  intervalMs: {
    env: "P2P_BLOCK_CHECK_INTERVAL_MS",
    parse: durationMs({ min: 1 }),
    default: 10_000,
    description: "How often to look | for blocks",
  },
  mode: { env: "P2P_MODE", parse: oneOf(["full", "light"]), default: "full", description: "What to pass on" },
});
const composed = composeSettings({ node, p2p });
const L1 = { ETHEREUM_HOST: "http://l1" };
const parse = (sources: SettingsSources) => parseSettings(composed, { ...sources, env: { ...L1, ...sources.env } });
const failure = (sources: SettingsSources): SettingsError => {
  try {
    parseSettings(composed, sources);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  return expect.fail("no error");
};
const texts = (sources: SettingsSources) =>
  failure({ ...sources, env: { ...L1, ...sources.env } }).payload.problems.map(problem => problem.text);

const declare = (env: string, extraFlags: string[] = []) => ({
  x: { env, extraFlags, parse: text(), default: "", description: "" },
});
const preset = (raw: (env: string) => string | undefined) =>
  raw("P2P_MODE") === "light" ? { name: "light", values: { AZTEC_PORT: 7 } } : undefined;
const clash = (env: string, flags?: string[]) => () => composeSettings({ node, other: declare(env, flags) });

describe("declarations", () => {
  it("type what they are read into", () => {
    const settings: {
      readonly port: number;
      readonly bootnodeUrl: string | undefined;
      readonly l1Urls: readonly string[];
    } = parse({}).settings.node satisfies SettingsOf<typeof node>;
    const mode: "full" | "light" = parse({}).settings.p2p.mode;
    const key: Secret<`0x${string}`> | undefined = parse({}).settings.p2p.key;
    expect([settings.port, settings.bootnodeUrl, settings.l1Urls, mode, key]).to.deep.equal([
      8080,
      undefined,
      ["http://l1"],
      "full",
      undefined,
    ]);
    // @ts-expect-error a default that the parser would not read
    defineSettings({ port: { env: "X", parse: port, default: "8080", description: "" } });
  });

  it("refuse a name declared twice, be it an alias or a flag", () => {
    expect(clash("AZTEC_PORT"))
      .to.throw(SettingsError, "AZTEC_PORT is declared by node.port and by other.x")
      .with.property("code", "SETTINGS_DUPLICATE_NAME");
    expect(clash("BOOT_NODE_URL")).to.throw(SettingsError, "node.bootnodeUrl and by other.x");
    expect(clash("FREE", ["-p"])).to.throw(SettingsError, "-p is declared");
    expect(clash("FREE")).not.to.throw();
  });
});

describe("sources", () => {
  const layers: SettingsSources[] = [
    { args: ["--aztec-port", "1"] },
    { env: { AZTEC_PORT: "2" } },
    { envFile: { name: ".env", text: "AZTEC_PORT=3" } },
    { configFile: { name: "sprtn.yaml", values: { AZTEC_PORT: 4 } } },
    { preset: () => ({ name: "local", values: { "aztec-port": 5 } }) },
    {},
  ];
  const sources = ["flag --aztec-port", "the environment", ".env", "sprtn.yaml", "preset local", "default"];

  it("the higher one wins", () => {
    for (let top = 0; top < layers.length; top++) {
      const parsed = parse(Object.assign({}, ...layers.slice(top)) as SettingsSources);
      expect(parsed.settings.node.port).to.equal(top < 5 ? top + 1 : 8080);
      expect(parsed.explain()[0]).to.deep.equal({
        group: "node",
        name: "AZTEC_PORT",
        value: String(top < 5 ? top + 1 : 8080),
        source: sources[top],
      });
    }
  });

  it("flags: with a space, with =, bare, short, by alias; -- ends them", () => {
    const { settings, positionals } = parse({
      args: ["--p2p-enabled", "false", "-p", "9", "--boot-node-url=http://b/?x=y", "run", "--", "--this"],
      maxPositionals: 2,
    });
    expect([settings.p2p.enabled, settings.node.port, settings.node.bootnodeUrl]).to.deep.equal([
      false,
      9,
      "http://b/?x=y",
    ]);
    expect(positionals).to.deep.equal(["run", "--this"]);
    expect(parse({ args: ["--p2p-enabled", "run"], maxPositionals: 1 })).to.deep.include({ positionals: ["run"] });
    expect([wantsVersion(["--version"]), wantsVersion(["--", "--version"]), wantsVersion([])]).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect([wantsHelp(["x", "-h"]), wantsHelp(["--help"]), wantsHelp(["--", "--help"]), wantsHelp([])]).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });

  it("a preset is chosen by what stands above it", () => {
    expect(parse({ preset, args: ["--p2p-mode=light"] }).settings.node.port).to.equal(7);
    expect(parse({ preset }).settings.node.port).to.equal(8080);
  });

  it(".env: comments, export, quotes, empty means not set", () => {
    const file = [
      "# c",
      "",
      "export AZTEC_PORT = 81 # here",
      "BOOTNODE_URL='http://a/#b' # x",
      'ETHEREUM_HOST="http://l1,http://l2"',
      "P2P_MODE=",
      "SOMETHING_ELSE=1",
    ].join("\r\n");
    const { node: read, p2p: net } = parseSettings(composed, { envFile: { name: ".env", text: file } }).settings;
    expect([read.port, read.bootnodeUrl, read.l1Urls, net.mode]).to.deep.equal([
      81,
      "http://a/#b",
      ["http://l1", "http://l2"],
      "full",
    ]);
    expect(texts({ envFile: { name: ".env", text: "A=1\nsecret words\nB='x" } })).to.deep.equal([
      ".env, line 2: not NAME=value; write a # before comments, and quotes in pairs",
      ".env, line 3: not NAME=value; write a # before comments, and quotes in pairs",
    ]);
  });

  it("a configuration file: environment names, flag names, lists, null; nothing else", () => {
    const { settings } = parseSettings(composed, {
      configFile: {
        name: "c",
        values: { ETHEREUM_HOST: ["http://a", "http://b"], "p2p-enabled": false, BOOTNODE_URL: null },
      },
    });
    expect([settings.node.l1Urls, settings.p2p.enabled]).to.deep.equal([["http://a", "http://b"], false]);
    expect(
      texts({
        configFile: { name: "c", values: { AZTEC_PRT: 1, "aztec-prot": 1, AZTEC_PORT: { a: 1 }, ZZZZZZZZ: 1 } },
      }),
    ).to.deep.equal([
      "AZTEC_PRT (from c) is not a setting; did you mean AZTEC_PORT?",
      "aztec-prot (from c) is not a setting; did you mean aztec-port?",
      "AZTEC_PORT (from c): expected a port, 0 to 65535 (0: any free one), as one value or a flat list",
      "ZZZZZZZZ (from c) is not a setting",
    ]);
    expect(texts({ configFile: { name: "c", values: [1] } })).to.deep.equal([
      "c: expected a map of settings at the top level, such as AZTEC_PORT: 8080",
    ]);
  });

  it("one setting under two names: fine if they agree", () => {
    expect(parse({ env: { BOOT_NODE_URL: "http://a" } }).settings.node.bootnodeUrl).to.equal("http://a");
    expect(parse({ env: { BOOT_NODE_URL: "http://a", BOOTNODE_URL: "http://a" } }).settings.node.bootnodeUrl).to.equal(
      "http://a",
    );
    expect(texts({ env: { BOOT_NODE_URL: "http://a", BOOTNODE_URL: "http://b" } })).to.deep.equal([
      "BOOT_NODE_URL and BOOTNODE_URL are the same setting, with different values, from the environment: give one",
    ]);
    expect(texts({ args: ["-p", "1", "-p=2"] })).to.deep.equal([
      "-p is given twice, with different values, from a flag: give one",
    ]);
  });
});

describe("problems", () => {
  it("are told all at once, each with its name, what was given and what is expected", () => {
    const error = failure({
      args: ["--aztec-prot", "1", "--p2p-mode", "--boot-node-url=x"],
      env: { AZTEC_PORT: "99999" },
    });
    expect(error.code).to.equal("SETTINGS_INVALID");
    expect(error.message.split("\n")).to.deep.equal([
      "5 settings are wrong:",
      "  --aztec-prot: there is no such flag; did you mean --aztec-port?",
      "  --p2p-mode needs a value: give one of full, light",
      '  AZTEC_PORT (from the environment): "99999" does not fit; give a port, 0 to 65535 (0: any free one)',
      '  --boot-node-url: "x" does not fit; give a URL that begins with http:// or https://',
      "  ETHEREUM_HOST is missing: give a comma-separated list, each a URL that begins with http:// or " +
        "https://, at least 1 (Ethereum nodes), by --ethereum-host, the environment or a file",
    ]);
    expect(texts({ args: ["serve"] })).to.deep.equal([
      '"serve" is neither a flag nor the value of one; --help lists the flags',
    ]);
    expect(texts({ args: ["--completely-else"] })).to.deep.equal([
      "--completely-else: there is no such flag; --help lists them all",
    ]);
  });

  it("suggest nothing for a name of which most letters differ", () => {
    expect(suggest("--foo", ["--bot"])).to.equal(undefined);
    expect(suggest("--x", ["--y"])).to.equal(undefined);
    expect(suggest("--nod", ["--bot", "--node"])).to.equal("--node");
    expect(suggest("--hlep", ["--help"])).to.equal("--help");
  });

  it("likely slips among variables are warnings", () => {
    expect(parse({ env: { AZTEC_PROT: "1", HOME: "/", P2P_ENABLE: "1" } }).warnings).to.deep.equal([
      "AZTEC_PROT (from the environment) is not a setting; did you mean AZTEC_PORT?",
      "P2P_ENABLE (from the environment) is not a setting; did you mean P2P_ENABLED?",
    ]);
  });

  it("never tell a secret", () => {
    const bad = texts({ env: { PEER_ID_PRIVATE_KEY: "hunter2" } });
    expect(bad).to.deep.equal([
      "PEER_ID_PRIVATE_KEY (from the environment): the value (not shown) does not fit; give 0x and 64 hex digits",
    ]);
    const key = `0x${"17".repeat(32)}`;
    const parsed = parse({ env: { PEER_ID_PRIVATE_KEY: key } });
    expect(parsed.settings.p2p.key?.reveal()).to.equal(key);
    const secret = parsed.settings.p2p.key;
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify(parsed),
      inspect(parsed, { depth: 9, showHidden: true }),
      formatExplanations(parsed.explain()),
      inspect(secret),
    ];
    for (const view of shown) expect(view).not.to.contain("1717");
    expect(JSON.stringify({ secret })).to.equal('{"secret":"[secret]"}');
    expect(inspect({ secret })).to.equal("{ secret: [secret] }");
  });
});

describe("URLs with credentials, and control characters", () => {
  const only = (sources: SettingsSources) => {
    const told = texts(sources);
    expect(told).to.have.length(1);
    return told[0] as string;
  };

  it("a node's URL has no credentials: the text does not repeat them, and says what to do", () => {
    for (const told of [
      only({ env: { BOOTNODE_URL: "http://user:hunter2@host" } }),
      only({ args: ["--bootnode-url", "http://user:hunter2@host"] }),
    ])
      expect(told)
        .to.contain("without user name and password")
        .and.contain("@host")
        .and.not.match(/user:|hunter2/);
  });

  it("a % by itself is refused, and the text says to write %25", () => {
    for (const host of ["http://a%zz:hunter2@host", "http://x,http://a:hunter2%@host"])
      expect(only({ env: { ETHEREUM_HOST: host } }))
        .to.contain("%25")
        .and.not.contain("hunter2");
  });

  it("what does not fit is repeated without its secrets", () => {
    expect(only({ env: { ETHEREUM_HOST: "htp://a:hunter2@host/hunter3" } })).not.to.match(/hunter/);
    const shown = formatExplanations(parse({ env: { ETHEREUM_HOST: "http://a:hunter2@host/hunter3" } }).explain());
    expect(shown)
      .to.contain("@host")
      .and.not.match(/hunter/);
  });

  it("nothing that was given moves the terminal of who reads it", () => {
    const escape = "\u001b[31m";
    for (const args of [
      [`--${escape}`],
      ["--aztec-port", `1${escape}\u009b`],
      [`word${escape}`],
      ["--bootnode-url", escape],
    ])
      expect(only({ args })).not.to.match(/\p{Cc}/u);
  });

  it("words that spill from a secret, and URLs among the words, are not shown", () => {
    const spilt = only({ args: ["--peer-id-private-key", `0x${"17".repeat(32)}`, "hunter1", "hunter2"] });
    expect(spilt)
      .to.contain("--peer-id-private-key")
      .and.contain("quotes")
      .and.not.match(/hunter/);
    expect(only({ args: ["http://a:hunter2@host"] }))
      .to.contain("@host")
      .and.not.contain("hunter2");
    expect(only({ args: ["--peer-id-private-key", `0x${"17".repeat(32)}`, "-p", "1", "word"] })).to.contain("word");
  });

  it("contradictions see what was read, defaults as well", () => {
    const contradictions: SettingsSources["contradictions"] = (given, values) =>
      values("P2P_MODE") === "full" && values("AZTEC_PORT") === 7
        ? [{ name: "AZTEC_PORT", text: `${given("AZTEC_PORT")?.name} is for light nodes` }]
        : [];
    expect(only({ args: ["-p", "7"], contradictions })).to.equal("-p is for light nodes");
    expect(() => parse({ args: ["-p", "7", "--p2p-mode", "light"], contradictions })).not.to.throw();
  });
});

describe("help and reference", () => {
  it("tell every setting, its names, default and meaning", () => {
    const help = helpText(composed, "usage: node [flags]");
    expect(
      help.startsWith(
        "usage: node [flags]\n\nNode:\n  --aztec-port, -p VALUE  [AZTEC_PORT]\n      Port of the JSON-RPC server. " +
          "Expects a port, 0 to 65535 (0: any free one); default: 8080.\n",
      ),
    ).to.equal(true);
    expect(help)
      .to.contain("  --p2p-enabled  [P2P_ENABLED]")
      .and.contain("default: made at the first start. Secret:")
      .and.contain("default: must be given");
    expect(help.trimEnd().split("\n").at(-1)).to.equal(
      "Flags override the environment, which overrides an .env file. Each flag's environment name is in brackets.",
    );
    const table = referenceMarkdown(composed);
    expect(table)
      .to.contain("### P2p")
      .and.contain("| `BOOTNODE_URL`, `BOOT_NODE_URL` | `--bootnode-url`, `--boot-node-url` | not set |")
      .and.contain("How often to look \\| for blocks");
    expect(table).to.contain("| `P2P_BLOCK_CHECK_INTERVAL_MS` | `--p2p-block-check-interval-ms` | 10s |");
  });

  it("explain every setting's value and source", () => {
    const lines = formatExplanations(parse({ args: ["--p2p-enabled"] }).explain()).split("\n");
    expect(lines.length).to.equal(7);
    expect(lines[3]).to.match(/^P2P_ENABLED +true +flag --p2p-enabled$/);
    expect(lines[4]).to.match(/^PEER_ID_PRIVATE_KEY +made at the first start +default$/);
  });
});
