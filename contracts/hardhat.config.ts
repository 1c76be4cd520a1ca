import { createRequire } from "node:module";
import { defineConfig } from "hardhat/config";
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

export default defineConfig({
  plugins: [toolbox, ownWarnings],
  paths: { sources: "./src", tests: { solidity: "./test", mocha: "./test" } },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", initialDate: "2026-01-01T00:00:00Z" },
    local: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
  test: {
    mocha: { timeout: 60_000 },
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
