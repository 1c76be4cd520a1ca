import {
  address,
  addressOfSomebody,
  boolean,
  defineSettings,
  durationMs,
  integer,
  list,
  nodeUrl,
  oneOf,
  positiveWei,
  type Parser,
  text,
  url,
  wei,
} from "@sprtn/settings";
import { modes, roles } from "./installation/role.js";

/** The environment name SPRTN_X_Y and the short flag --x-y. */
const named = (flag: string) => ({
  env: `SPRTN_${flag.toUpperCase().replaceAll("-", "_")}`,
  extraFlags: [`--${flag}`],
});
/** Undefined stands for the default, so that what is given can be told from what is not. */
const unless = (defaultText: string) => ({ default: undefined, defaultText });

/** Which installation a command is for, and how it answers. */
export const operatorSettings = defineSettings({
  dir: {
    ...named("dir"),
    parse: text("a directory"),
    default: ".",
    defaultText: "the current directory",
    description: "Directory of the node: its settings (.env), its data, its log",
  },
  json: { ...named("json"), parse: boolean, default: false, description: "Answer as JSON, for programs" },
});

/** Any free one would be another one after each start. */
const fixedPort: Parser<number> = { ...integer({ min: 1, max: 65_535 }), expected: "a port, 1 to 65535" };

const ipOrAuto: Parser<string> = {
  expected: "an IP address, or auto",
  read: value =>
    value === "auto" || /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/i.test(value) ? value : undefined,
};

/** What `sprtn config` sets up: what it needs to know of a node before it asks or looks. */
export const configSettings = defineSettings({
  role: { ...named("role"), parse: oneOf(roles), ...unless("asked for"), description: "What the node is for" },
  bootnodeUrl: {
    env: "BOOTNODE_URL",
    extraFlags: ["--join"],
    parse: nodeUrl,
    ...unless("asked for"),
    description: "RPC URL of any node of the network: contracts, chain and first peer are learnt from it",
  },
  ethereumHosts: {
    env: "ETHEREUM_HOST",
    parse: list(url(), { min: 1, max: 16 }),
    ...unless("asked for; with --yes http://127.0.0.1:8545"),
    description: "JSON-RPC URL of an L1 node; several with commas between them",
  },
  keyFile: {
    ...named("key-file"),
    parse: text("a file"),
    ...unless("asked for"),
    description: "File with the L1 key of a validator or prover node: 64 hex digits, or a Web3 keystore",
  },
  passwordFile: {
    ...named("password-file"),
    parse: text("a file"),
    ...unless("asked for if the key file is a keystore"),
    description: "File with the password of the keystore",
  },
  name: {
    env: "NODE_NAME",
    aliases: ["PROVER_AGENT_NAME"],
    extraFlags: ["--name"],
    parse: text("a name"),
    ...unless("the role"),
    description: "Name of the node in its logs",
  },
  rpcPort: {
    env: "AZTEC_PORT",
    extraFlags: ["-p"],
    parse: fixedPort,
    ...unless("8080"),
    description: "Port of JSON-RPC and of the node's page, on 127.0.0.1",
  },
  p2pPort: {
    ...named("p2p-port"),
    extraFlags: ["--p2p-port", "-p2p"],
    parse: fixedPort,
    ...unless("40400"),
    description: "Port for peers, TCP and UDP: open both to everybody",
  },
  peerKey: {
    env: "PEER_ID_PRIVATE_KEY",
    extraFlags: ["-pk"],
    parse: { expected: "64 hex digits", read: value => (/^(0x)?[0-9a-fA-F]{64}$/.test(value) ? value : undefined) },
    secret: true,
    ...unless("generated at the first start, and kept"),
    description: "Private key of the node's identity among its peers",
  },
  ip: {
    ...named("ip"),
    parse: ipOrAuto,
    ...unless("what peers see"),
    description: "Address that peers are told to connect to; auto: the node asks api.ipify.org at each start",
  },
  data: {
    env: "DATA_DIRECTORY",
    extraFlags: ["--data"],
    parse: text("a directory, or volume"),
    ...unless("data; with docker volume"),
    description: "Directory of the node's data, or volume for a named volume of docker",
  },
  mode: {
    ...named("mode"),
    parse: oneOf(modes),
    ...unless("native"),
    description: "Run by `sprtn start`, or by docker",
  },
  deploymentFile: {
    env: "DEPLOYMENT_FILE",
    parse: text("a file"),
    ...unless("not used: --bootnode-url tells it"),
    description: "The network's deployment file, for the first node of a network",
  },
  brokerUrl: {
    env: "PROVER_BROKER_HOST",
    parse: nodeUrl,
    ...unless("asked for"),
    description: "RPC URL of the prover node that a prover agent works for",
  },
  brokerTokenFile: {
    ...named("broker-token-file"),
    parse: text("a file"),
    ...unless("a new token for a prover node"),
    description: "File with the token that a prover node and its agents share",
  },
});

/** How `sprtn config` works. */
export const configRunSettings = defineSettings({
  yes: { ...named("yes"), parse: boolean, default: false, description: "Ask nothing: take the defaults" },
  set: {
    ...named("set"),
    parse: text("NAME=value"),
    ...unless("nothing"),
    description: "Any other setting of the node, by its environment name; give the flag as often as you like",
  },
  print: {
    ...named("print"),
    parse: boolean,
    default: false,
    description: "Show what would be written, without keys, and write nothing",
  },
});

/** How a node is started. */
export const startSettings = defineSettings({
  foreground: {
    ...named("foreground"),
    parse: boolean,
    default: false,
    description: "Run in this terminal until Ctrl-C, and show what the node logs",
  },
  waitMs: {
    ...named("wait"),
    parse: { ...durationMs({ min: 1 }), bare: "3m" },
    ...unless("does not wait; --wait alone: 3m"),
    description: "Wait until the node is ready, at most this long",
  },
});

/** How a node is ended. */
export const stopSettings = defineSettings({
  timeoutMs: {
    ...named("timeout"),
    parse: durationMs({ min: 1 }),
    default: 40_000,
    description: "How long the node may take to end until it is killed",
  },
});

/** Which lines of a log are shown. */
export const logSettings = defineSettings({
  follow: {
    ...named("follow"),
    extraFlags: ["--follow", "-f"],
    parse: boolean,
    default: false,
    description: "Go on with lines as they are written, until Ctrl-C",
  },
  sinceMs: {
    ...named("since"),
    parse: durationMs({ min: 1 }),
    ...unless("the beginning"),
    description: "Only what is younger than this",
  },
  level: {
    ...named("level"),
    parse: oneOf(["error", "warn", "info", "verbose", "debug"]),
    ...unless("every level"),
    description: "Least severe level that is shown",
  },
});

/** What is examined, and where it is written. */
export const doctorSettings = defineSettings({
  only: {
    ...named("only"),
    parse: list(text("a check"), { min: 1, max: 100 }),
    ...unless("every check"),
    description: "Names of the checks, with commas between them",
  },
  report: {
    ...named("report"),
    parse: text("a file"),
    ...unless("none"),
    description: "File for a report to give to others: findings, settings without secrets, the end of the log",
  },
});

/** Keys that are kept. */
export const keysSettings = defineSettings({ passwordFile: configSettings.passwordFile });

/** Which key pays for transactions, and whether it may. */
export const accountSettings = defineSettings({
  keyFile: { ...configSettings.keyFile, ...unless("the node's own key"), description: "File with the key that pays" },
  passwordFile: configSettings.passwordFile,
  yes: { ...configRunSettings.yes, description: "Send the transactions without asking" },
});

/** Which validator. */
export const validatorVerbSettings = defineSettings({
  address: { ...named("address"), parse: address, ...unless("the key's"), description: "Address of the validator" },
  amount: {
    ...named("amount"),
    parse: positiveWei,
    ...unless("the least that the network takes"),
    description: "Stake, in ether",
  },
});

/** Whose rewards. */
export const rewardsSettings = defineSettings({
  account: {
    ...named("account"),
    parse: address,
    ...unless("COINBASE of the node, or its key's"),
    description: "Address that has earned them",
  },
});

/** A command of Teocalli. */
export const teocalliSettings = defineSettings({
  file: {
    ...named("file"),
    parse: text("a file"),
    default: "command.json",
    description: "File with the command: it goes from signer to signer",
  },
  expiresMs: {
    ...named("expires"),
    parse: durationMs({ min: 60_000, max: 365 * 86_400_000 }),
    default: 7 * 86_400_000,
    description: "How long the command can be executed",
  },
  target: {
    ...named("target"),
    parse: addressOfSomebody,
    ...unless("the contract of the action"),
    description: "Contract to call, instead of an action",
  },
  data: {
    ...named("data"),
    parse: {
      expected: "0x and pairs of hex digits",
      read: value => (/^0x([0-9a-f]{2})*$/i.test(value) ? value.toLowerCase() : undefined),
    },
    ...unless("0x, a transfer"),
    description: "What the contract is called with",
  },
  value: { ...named("value"), parse: wei, ...unless("0 wei"), description: "Ether that Teocalli sends along" },
});

/** How a node's state is shown. */
export const statusSettings = defineSettings({
  watch: {
    ...named("watch"),
    parse: boolean,
    default: false,
    description: "Show it again every two seconds, until Ctrl-C",
  },
});
