import { boolean, defineSettings, durationSeconds, integer, oneOf, type SettingsOf } from "@sprtn/settings";

/**
 * Those of the largest preset. All nodes share one thread: this many keep it busy most of the time, and with
 * twice as many L1's answers come too late to be believed (docs/run-a-network.md). In memory there would be room for
 * more, and on L1 and in the protocol nothing ends here.
 */
const MOST_VALIDATORS = 128;

const fromPreset = { default: undefined, defaultText: "the preset's" } as const;

/** The shape of `--local-network`. */
export const localNetworkSettings = defineSettings({
  preset: {
    env: "LOCAL_PRESET",
    extraFlags: ["--preset"],
    parse: oneOf(["local", "sprtn", "phase1", "phase2"]),
    default: "local",
    description: "Network of which a local network has the shape: what the other settings do not say comes from it",
  },
  validators: {
    env: "LOCAL_VALIDATORS",
    parse: integer({ min: 1, max: MOST_VALIDATORS }),
    default: 4,
    defaultText: "the preset's; local: 4",
    description: "Validators of a local network, each a whole node; all share one thread, which bounds them",
  },
  committee: {
    env: "LOCAL_COMMITTEE",
    parse: integer({ min: 1, max: MOST_VALIDATORS }),
    default: undefined,
    defaultText: "the preset's, at most every validator; local: every validator",
    description: "Members of an epoch's committee in a local network, drawn from its validators",
  },
  slotSeconds: {
    env: "LOCAL_SLOT_SECONDS",
    parse: integer({ min: 2, max: 3600 }),
    default: 8,
    defaultText: "the preset's; local: 8",
    description: "Length of a slot in a local network, s",
  },
  epochSlots: {
    env: "LOCAL_EPOCH_SLOTS",
    parse: integer({ min: 1, max: 1024 }),
    default: 8,
    defaultText: "the preset's; local: 8",
    description: "Slots per epoch in a local network",
  },
  maxTxsPerBlock: {
    env: "LOCAL_MAX_TXS_PER_BLOCK",
    parse: integer({ min: 1, max: 1024 }),
    ...fromPreset,
    description: "Transactions that fit into a block's gas limit in a local network, and that its sequencers put in",
  },
  proofWindow: {
    env: "LOCAL_PROOF_WINDOW",
    parse: durationSeconds(),
    ...fromPreset,
    description: "Time from an epoch's end to D1 in a local network: its coordinator's to have it proven",
  },
  challengeWindow: {
    env: "LOCAL_CHALLENGE_WINDOW",
    parse: durationSeconds(),
    ...fromPreset,
    description: "Time from D1 to D2 in a local network: anyone's to prove the epoch",
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
