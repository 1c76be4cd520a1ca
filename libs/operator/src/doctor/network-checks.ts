import { openKey } from "../installation/private-key.js";
import { traitsOf } from "../installation/role.js";
import { validatorState } from "../l1/validator-state.js";
import { formatEther } from "../verbs/ether.js";
import { type Check, fail, ok, skipped, warn } from "./check.js";
import { keyOf } from "./file-checks.js";

const ASK_MS = 5_000;
/** The node's own default for L1_LOW_BALANCE, wei. */
const LOW_BALANCE = 10n ** 17n;

const network: Check = {
  name: "network",
  tellsUnreachable: true,
  run: async context => {
    if (traitsOf(context.node.role).program !== "node") return skipped("joins none");
    if (!context.node.variables.has("BOOTNODE_URL")) return skipped("joins by a deployment file");
    const { network: name, l1ChainId } = await context.network();
    return ok(`${name}, on chain ${l1ChainId}`);
  },
};

const version: Check = {
  name: "version",
  run: async context => {
    if (!context.node.variables.has("BOOTNODE_URL")) return skipped("nobody to compare with");
    const theirs = (await context.network()).version;
    return theirs === context.version
      ? ok(theirs)
      : warn(`this is ${context.version}, the node at BOOTNODE_URL is ${theirs} → use the version of the network`);
  },
};

const balance: Check = {
  name: "balance",
  run: async ({ host, node }) => {
    const key = keyOf(node);
    const [url] = node.ethereumHosts;
    if (key === undefined || url === undefined) return skipped("pays for nothing, or with a MNEMONIC");
    const { address } = await openKey(key, undefined);
    const [answer] = await host.call(url, [{ method: "eth_getBalance", params: [address, "latest"] }], ASK_MS);
    const wei = BigInt(answer as string);
    if (wei >= LOW_BALANCE) return ok(`${formatEther(wei)} ETH`);
    const text = `${formatEther(wei)} ETH → send ether to ${address}: it pays for L1 transactions`;
    return wei === 0n ? fail(text) : warn(text);
  },
};

const validatorSet: Check = {
  name: "validator-set",
  run: async ({ host, node, network: facts }) => {
    const key = keyOf(node);
    const [url] = node.ethereumHosts;
    if (node.role !== "validator" || key === undefined || url === undefined) return skipped("no validator");
    const registry = (await facts()).contracts.validatorRegistry;
    if (registry === undefined) return skipped("the network names no registry");
    const { address } = await openKey(key, undefined);
    const { state, withdrawableEpoch } = await validatorState(host, url, { registry, address });
    if (state === "active") return ok(address);
    if (state === "pending") return warn(`${address} has staked and waits → have Teocalli add it`);
    if (state === "exiting") return warn(`${address} leaves; its stake is free in epoch ${withdrawableEpoch}`);
    return fail(`${address} has no stake → stake for it, and have Teocalli add it`);
  },
};

const broker: Check = {
  name: "broker",
  run: async ({ host, node }) => {
    if (node.role !== "prover-agent") return skipped("no agent");
    const url = node.variables.get("PROVER_BROKER_HOST");
    if (url === undefined) return fail("PROVER_BROKER_HOST is missing → sprtn config --prover-broker-host URL");
    const answer = await host.get(`${url}/health`, ASK_MS);
    if (answer === undefined) return fail(`${new URL(url).host} does not answer → start its prover node`);
    return node.variables.has("PROVER_BROKER_TOKEN")
      ? ok(new URL(url).host)
      : warn("PROVER_BROKER_TOKEN is missing → sprtn config --broker-token-file FILE");
  },
};

/** Of the network, and of the node's place in it. */
export const networkChecks: readonly Check[] = [network, version, balance, validatorSet, broker];
