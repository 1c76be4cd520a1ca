import { observabilitySettings } from "@sprtn/observability/settings";
import { composeSettings, defineSettings, integer, port, text } from "@sprtn/settings";

/** What the process is told that runs a network's L1. */
export const l1ProcessSettings = composeSettings({
  l1: defineSettings({
    port: { env: "NETWORK_L1_PORT", parse: port, default: 8545, description: "Port of the L1" },
    host: {
      env: "NETWORK_L1_HOST",
      parse: text("an address to listen on"),
      default: "127.0.0.1",
      description: "Address that the L1 listens on",
    },
    accounts: {
      env: "NETWORK_L1_ACCOUNTS",
      parse: integer({ min: 1, max: 10_000 }),
      default: 10,
      description: "How many accounts of the mnemonic hold ether",
    },
    stateFile: {
      env: "NETWORK_L1_STATE_FILE",
      parse: text("a file"),
      default: "l1.json",
      description: "Where the L1's state is kept, so that it continues after an end",
    },
    blockSeconds: {
      env: "NETWORK_L1_BLOCK_SECONDS",
      parse: integer({ min: 1, max: 60 }),
      default: 1,
      description: "Time between blocks, s",
    },
  }),
  observability: observabilitySettings,
});
