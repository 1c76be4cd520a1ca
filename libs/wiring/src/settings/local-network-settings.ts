import { boolean, defineSettings, integer, oneOf, type SettingsOf } from "@sprtn/settings";

/** The shape of `--local-network`. */
export const localNetworkSettings = defineSettings({
  validators: {
    env: "LOCAL_VALIDATORS",
    parse: integer({ min: 1, max: 32 }),
    default: 4,
    description: "Validators of a local network",
  },
  slotSeconds: {
    env: "LOCAL_SLOT_SECONDS",
    parse: integer({ min: 2, max: 3600 }),
    default: 8,
    description: "Length of a slot in a local network, s",
  },
  epochSlots: {
    env: "LOCAL_EPOCH_SLOTS",
    parse: integer({ min: 1, max: 1024 }),
    default: 8,
    description: "Slots per epoch in a local network",
  },
  l1BlockSeconds: {
    env: "LOCAL_L1_BLOCK_SECONDS",
    parse: integer({ min: 1, max: 60 }),
    default: 1,
    description: "Time between blocks of a local network's L1, s",
  },
  l1Port: {
    env: "LOCAL_L1_PORT",
    parse: integer({ min: 0, max: 65_535 }),
    default: 8545,
    description: "Port of a local network's L1; 0 = any free one",
  },
  simulatedProofs: {
    env: "LOCAL_SIMULATED_PROOFS",
    extraFlags: ["--simulated-proofs"],
    parse: boolean,
    default: false,
    description:
      "Simulate the proofs of a local network: every epoch is proven immediately, but anybody can forge such proofs",
  },
  fees: {
    env: "LOCAL_FEES",
    parse: oneOf(["on", "off"]),
    default: "on",
    description: "off: base fees of a local network are 1 wei per gas in every block, the least that L1 allows",
  },
  bot: { env: "LOCAL_BOT", parse: boolean, default: true, description: "Send transactions in a local network" },
});

/** What {@link localNetworkSettings} are read into. */
export type LocalNetworkSettings = SettingsOf<typeof localNetworkSettings>;
