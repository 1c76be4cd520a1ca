// What is mutated: modules whose rules decide about money, votes and time.

/** `folder`: of the compiled code, below the lib's dist. `tests`: a pattern of the tests that have to notice. */
export const projects = {
  consensus: { lib: "consensus", folder: "", tests: /\.test\.js$/ },
  "state-transition": { lib: "state-transition", folder: "", tests: /\.test\.js$/ },
  "tx-pool/admission": { lib: "tx-pool", folder: "admission/", tests: /(?:admission|eviction)\/[\w-]+\.test\.js$/ },
  validator: { lib: "validator", folder: "", tests: /\.test\.js$/ },
};

/** Declarations of settings, error texts and entry points hold no rule. */
export const holdsNoRule = /(?:^|\/)(?:index|settings|[\w-]+-error|[\w-]+-metrics)\.js$/;

const unit = (...names) => names.map(name => `test/unit/${name}.test.ts`);

/** The tests that belong to each contract, likely killers first. */
export const contractTests = {
  AvailabilityOracle: unit("availability-oracle"),
  FeePortal: unit("messages", "deployment"),
  Inbox: unit("messages", "deployment"),
  L2AZT: unit("deployment", "messages"),
  Outbox: unit("messages", "deployment"),
  Registry: unit("deployment"),
  Rewards: unit("rewards", "deployment"),
  Rollup: unit("pending-chain", "proven-chain", "committee", "first-epoch", "deployment"),
  RollupBase: unit("committee", "first-epoch", "pending-chain", "proven-chain"),
  RollupPeer: unit("deployment", "messages"),
  RollupSettings: unit("deployment", "pending-chain", "proven-chain"),
  RootVerifier: unit("root-verifier"),
  Teocalli: unit("teocalli", "deployment"),
  ValidatorRegistry: unit("validator-registry", "committee", "deployment"),
};
