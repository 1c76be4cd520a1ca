// What is mutated: modules whose rules decide about money, votes and time.
import { join, relative } from "node:path";
import { filesBelow } from "../checks/workspace.mjs";

/** Tests of libs that are built on state-transition: the circuits' twins are held against Noir there. */
const callers = [
  "circuits-client/dist/noir/constraints.test.js",
  "circuits-client/dist/noir/boundaries.test.js",
  "circuits-client/dist/noir/ranges.test.js",
  "circuits-client/dist/noir/differential.test.js",
  "world-state/dist/world-state.test.js",
  "sequencer/dist/build-block.test.js",
];

/**
 * `folder`: of the compiled code, below the lib's dist. `tests`: a pattern of the lib's tests that have to notice.
 * `others`: tests of other libs that may.
 */
export const projects = {
  consensus: { lib: "consensus", folder: "", tests: /\.test\.js$/ },
  "state-transition": { lib: "state-transition", folder: "", tests: /\.test\.js$/, others: callers },
  "tx-pool/admission": { lib: "tx-pool", folder: "admission/", tests: /(?:admission|eviction)\/[\w-]+\.test\.js$/ },
  validator: { lib: "validator", folder: "", tests: /\.test\.js$/ },
};

/** Declarations of settings, error texts and entry points hold no rule. */
export const holdsNoRule = /(?:^|\/)(?:index|settings|[\w-]+-error|[\w-]+-metrics)\.js$/;

/** Contracts and libraries that are mutated, those first on which most depends; generated code is not. */
export const solidityFiles = [
  "Rollup",
  "RollupBase",
  "ValidatorRegistry",
  "FeePortal",
  "Inbox",
  "Outbox",
  "Rewards",
  "AvailabilityOracle",
  "libraries/AttestationLib",
  "libraries/CommitteeLib",
  "libraries/EffectsLib",
  "libraries/FeeLib",
  "libraries/HashLib",
  "libraries/HeaderLib",
  "libraries/MessageLib",
  "libraries/ProofLib",
  "libraries/TimeLib",
  "RollupSettings",
  "RollupPeer",
  "Teocalli",
  "Registry",
  "L2AZT",
  "RootVerifier",
  "SimulatedProofVerifier",
];

/** Tests of what was built rather than of the rules: packages, Ignition, gas and sizes. */
const notOfRules = /(?:export|ignition|ignition-cli|snapshots)\.test\.ts$/;

/** @param dir of the contracts; the tests that have to notice, below it */
export const solidityTests = dir =>
  [...filesBelow(join(dir, "test/unit"), [".test.ts"]), join(dir, "test/vectors.test.ts")]
    .filter(path => !notOfRules.test(path))
    .map(path => relative(dir, path));
