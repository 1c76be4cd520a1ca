import { createRequire } from "node:module";
import { defineConfig, overrideTask } from "hardhat/config";
import { definePlugin } from "hardhat/plugins";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";

const require = createRequire(import.meta.url);

/**
 * Whoever builds reads this project's warnings: dependencies' are for their authors. Errors are shown wherever they
 * are.
 */
const ownWarnings = definePlugin({
  id: "own-warnings",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        // oxlint-disable-next-line max-params -- Hardhat's hook
        getCompilationJobErrors: async (context, job, output, next) => {
          const errors = await next(context, job, output);
          return errors.filter(
            ({ severity, formattedMessage = "" }) =>
              severity === "error" || !/-->\s+(\S+)/.exec(formattedMessage)?.[1]?.includes("node_modules/"),
          );
        },
      }),
    }),
  },
});

/**
 * Deployments take what tests and packages take: Ignition asks for a profile of its own, which would be compiled anew.
 */
const oneProfile = overrideTask("build")
  .setInlineAction(async (args, _, runSuper) => runSuper({ ...args, defaultBuildProfile: "default" }))
  .build();

/** The deployer's key on another network than a devnet, whose accounts are unlocked. */
const key = process.env.DEPLOYER_PRIVATE_KEY;

export default defineConfig({
  plugins: [toolbox, ownWarnings],
  tasks: [oneProfile],
  paths: { sources: "./src", tests: { solidity: "./test", mocha: "./test" } },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", initialDate: "2026-01-01T00:00:00Z" },
    // Any L1 by its URL: anvil on this machine unless ETHEREUM_HOST says where.
    l1: {
      type: "http",
      chainType: "l1",
      url: process.env.ETHEREUM_HOST ?? "http://127.0.0.1:8545",
      ...(key === undefined ? {} : { accounts: [key] }),
    },
  },
  // Anvil mines at once; on a public L1 give more confirmations.
  ignition: { blockPollingInterval: 200, requiredConfirmations: Number(process.env.L1_CONFIRMATIONS ?? 1) },
  test: {
    mocha: { timeout: 600_000 },
    solidity: {
      fuzz: { runs: 256, seed: "0x5370617274616e" },
      invariant: { runs: 32, depth: 64, failOnRevert: false },
    },
  },
  solidity: {
    profiles: {
      default: {
        version: "0.8.37",
        path: require.resolve("solc/soljson.js"),
        settings: {
          evmVersion: "osaka",
          optimizer: { enabled: true, runs: 200 },
          outputSelection: { "*": { "*": ["storageLayout"] } },
        },
      },
    },
  },
});
