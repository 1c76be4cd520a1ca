import { nodeUrl, composeSettings, defineSettings, list, text } from "@sprtn/settings";
import { botProcessSettings } from "@sprtn/wiring/settings";

const loadSettings = defineSettings({
  dir: {
    env: "LOAD_NETWORK_DIR",
    extraFlags: ["--dir"],
    parse: text("a folder"),
    default: undefined,
    defaultText: "none: the nodes of LOAD_NODES",
    description: "Folder of a network that deployer network up started: its nodes, its L1, and faults",
  },
  nodes: {
    env: "LOAD_NODES",
    extraFlags: ["--nodes"],
    parse: list(nodeUrl, { min: 1, max: 256 }),
    default: undefined,
    defaultText: "those of the network",
    description: "RPC URLs of the nodes that payments are sent to in turn",
  },
  out: {
    env: "LOAD_OUT",
    extraFlags: ["--out"],
    parse: text("a folder"),
    default: "data/load",
    description: "Folder of the reports: report.json and report.html in a folder for each run",
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
