import { boolean, composeSettings, defineSettings, integer, list, text } from "@sprtn/settings";
import { botProcessSettings } from "@sprtn/wiring/settings";

const loadSettings = defineSettings({
  dir: {
    env: "LOAD_NETWORK_DIR",
    extraFlags: ["--dir"],
    parse: text("a folder"),
    default: undefined,
    defaultText: "the scenario's own network, else data/network",
    description: "Folder of a network that deployer network up started",
  },
  out: {
    env: "LOAD_OUT",
    extraFlags: ["--out"],
    parse: text("a folder"),
    default: "data/load",
    description: "Folder of the reports: report.json and report.html in a folder for each run",
  },
  portOffset: {
    env: "LOAD_PORT_OFFSET",
    extraFlags: ["--port-offset"],
    parse: integer({ min: 0, max: 40_000 }),
    default: 5_000,
    description: "What a scenario's own network adds to the usual ports, so that another one can run beside it",
  },
});

const { wallet, l1, l1Publisher, circuits, fieldHasher, observability } = botProcessSettings.groups;

/** Every setting of `tx-bot run`. */
export const runSettings = composeSettings({
  load: loadSettings,
  wallet,
  l1,
  l1Publisher,
  circuits,
  fieldHasher,
  observability,
});

/** Every setting of `tx-bot compare`. */
export const compareSettings = composeSettings({
  compare: defineSettings({
    failIf: {
      env: "LOAD_FAIL_IF",
      extraFlags: ["--fail-if"],
      parse: list(text("a condition such as latency.pending.p99>10%")),
      default: [],
      description: "Changes that make it fail, such as latency.pending.p99>10% or rate.pending<-5%, comma-separated",
    },
    force: {
      env: "LOAD_FORCE",
      extraFlags: ["--force"],
      parse: boolean,
      default: false,
      description: "Whether to compare runs of different scenarios, densities or kinds of proofs",
    },
    json: {
      env: "LOAD_JSON",
      extraFlags: ["--json"],
      parse: boolean,
      default: false,
      description: "Whether to print JSON",
    },
    seed: {
      env: "LOAD_COMPARE_SEED",
      extraFlags: ["--seed"],
      parse: integer({ min: 0 }),
      default: 1,
      description: "Draws the resamples: the same seed gives the same spans",
    },
  }),
});
