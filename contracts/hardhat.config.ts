import { createRequire } from "node:module";
import { defineConfig } from "hardhat/config";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";

const require = createRequire(import.meta.url);

export default defineConfig({
  plugins: [toolbox],
  paths: { sources: "./src", tests: { solidity: "./test", mocha: "./test" } },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", initialDate: "2026-01-01T00:00:00Z" },
    local: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
  test: {
    mocha: { timeout: 60_000 },
    solidity: { fuzz: { runs: 256, seed: "0x5370617274616e" }, invariant: { runs: 32, depth: 64, failOnRevert: false } },
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
