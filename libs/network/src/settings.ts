import { presets, type PresetName } from "@sprtn/deployment";
import {
  boolean,
  defineSettings,
  durationMs,
  durationSeconds,
  integer,
  oneOf,
  type Parser,
  type SettingsOf,
  text,
} from "@sprtn/settings";
import { clusters, provingModes } from "./plan/network-parameters.js";

/** The environment name NETWORK_X_Y and the short flag --x-y. */
const named = (flag: string) => ({
  env: `NETWORK_${flag.toUpperCase().replaceAll("-", "_")}`,
  extraFlags: [`--${flag}`],
});
const fromPreset = { default: undefined, defaultText: "the preset's" } as const;
/** Undefined stands for the default, so that what is given can be told from what is not. */
const unless = (defaultText: string) => ({ default: undefined, defaultText });

/** As registries take it, in files in which other characters would mean something. */
const image: Parser<string> = {
  expected: "an image such as sprtn:0.1.0 or registry:5000/team/sprtn@sha256:…, in lower case",
  read: value =>
    value.length <= 255 &&
    /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9._/-]*[a-z0-9](?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/.test(value)
      ? value
      : undefined,
};

/** What makes one network differ from another. */
export const networkParameterSettings = defineSettings({
  preset: {
    ...named("preset"),
    parse: oneOf(Object.keys(presets) as PresetName[]),
    ...unless("local"),
    description: "Network whose parameters are the defaults",
  },
  sequencers: {
    ...named("sequencers"),
    parse: integer({ min: 1, max: 1024 }),
    ...fromPreset,
    description: "Number of validators",
  },
  provers: {
    ...named("provers"),
    parse: integer({ min: 0, max: 64 }),
    ...unless("1; 0 with proving off"),
    description: "Number of prover nodes",
  },
  pxes: {
    ...named("pxes"),
    parse: integer({ min: 0, max: 64 }),
    ...unless("0"),
    description: "Number of nodes without duties, for wallets",
  },
  slotDuration: {
    ...named("slot-duration"),
    parse: durationSeconds({ min: 2, max: 3600 }),
    ...fromPreset,
    description: "Seconds of a slot",
  },
  epochDuration: {
    ...named("epoch-duration"),
    parse: integer({ min: 1, max: 1024 }),
    ...fromPreset,
    description: "Slots of an epoch",
  },
  committeeSize: {
    ...named("committee-size"),
    parse: integer({ min: 1, max: 1024 }),
    ...unless("the preset's, at most the number of sequencers"),
    description: "Most members of an epoch's committee",
  },
  p2p: {
    ...named("p2p"),
    parse: boolean,
    ...unless("true"),
    description: "Whether nodes talk to one another; without it there can be only one sequencer",
  },
  proving: {
    ...named("proving"),
    parse: oneOf(provingModes),
    ...unless("simulated"),
    description: "Kind of proofs; simulated ones cost nothing and prove nothing; off: nobody proves",
  },
  fees: {
    ...named("fees"),
    parse: boolean,
    ...unless("true"),
    description: "Whether transactions pay fees; off: 1 wei per gas in every block",
  },
  cluster: {
    ...named("cluster"),
    parse: oneOf(clusters),
    ...unless("local"),
    description:
      "Where the processes run: local: each by itself on this machine; dense: validators share a process a core; " +
      "compose, kubernetes: containers",
  },
  agents: {
    ...named("agents"),
    parse: integer({ min: 0, max: 256 }),
    ...unless("0: prover nodes prove in their own processes"),
    description: "Number of prover agents as processes of their own, shared evenly by the prover nodes",
  },
  portOffset: {
    ...named("port-offset"),
    parse: integer({ min: 0, max: 10_000 }),
    ...unless("0"),
    description: "Added to every port (RPC from 8080, L1 8545, gossip from 20400), for a second network on a machine",
  },
});

/** Which network a command is for. */
export const networkPlaceSettings = defineSettings({
  dir: {
    ...named("dir"),
    parse: text("a directory"),
    default: "data/network",
    description: "Directory of the network: its plan, its state, and each process's data and log",
  },
});

/** How long a command waits. */
export const networkWaitSettings = defineSettings({
  waitMs: {
    ...named("wait"),
    parse: durationMs({ min: 1 }),
    ...unless("3m to be ready, 40s to end"),
    description: "How long processes that start together may take to be ready, and to end until they are killed",
  },
});

/** How a command answers. */
export const networkOutputSettings = defineSettings({
  json: { ...named("json"), parse: boolean, default: false, description: "Answer as JSON, for programs" },
});

/** How a network ends. */
export const networkDownSettings = defineSettings({
  purge: {
    ...named("purge"),
    parse: boolean,
    default: false,
    description: "Delete the directory afterwards, chain and keys' records included",
  },
});

/** Which lines of the logs are shown. */
export const networkLogSettings = defineSettings({
  follow: {
    env: "NETWORK_LOGS_FOLLOW",
    extraFlags: ["--follow", "-f"],
    parse: boolean,
    default: false,
    description: "Go on with lines as they are written, until Ctrl-C",
  },
  sinceMs: {
    env: "NETWORK_LOGS_SINCE",
    extraFlags: ["--since"],
    parse: durationMs({ min: 1 }),
    default: undefined,
    defaultText: "the beginning",
    description: "Only what is younger than this",
  },
  level: {
    env: "NETWORK_LOGS_LEVEL",
    extraFlags: ["--level"],
    parse: oneOf(["error", "warn", "info", "verbose", "debug"]),
    default: undefined,
    defaultText: "every level",
    description: "Least severe level that is shown",
  },
});

/** Where files of a network are written. */
export const networkRenderSettings = defineSettings({
  out: {
    ...named("out"),
    parse: text("a directory"),
    default: undefined,
    defaultText: "compose or kubernetes, after the cluster",
    description: "Directory that the files are written to",
  },
  image: {
    ...named("image"),
    parse: image,
    default: "sprtn:0.1.0",
    description: "Container image with this repository, built, in /app",
  },
});

/** What {@link networkParameterSettings} are read into. */
export type NetworkParameterSettings = SettingsOf<typeof networkParameterSettings>;
