import { isCancel, password, select, text } from "@clack/prompts";
import { type OpenedKey, openKey, type Role, roles, traitsOf } from "@sprtn/operator";
import { abortError } from "@sprtn/runtime";
import { type Earlier, type GivenConfig, keyIn } from "./draft.js";

/** What is asked of people, a question at a time. */
interface Prompter {
  choose(message: string, options: readonly { readonly value: string; readonly hint: string }[]): Promise<string>;
  ask(message: string, initial: string, check: (value: string) => string | undefined): Promise<string>;
  askSecret(message: string): Promise<string>;
}

const hints: Readonly<Record<Role, string>> = {
  validator: "proposes and signs blocks; needs a key with ether, and a place in the validator set",
  node: "follows the chain and answers RPC; needs no key",
  "prover-node": "proves epochs with its agents; needs a key",
  "prover-agent": "makes proofs for a prover node",
  bootnode: "helps others find peers",
};

/** Asks for what is neither given nor set up already. @throws RuntimeError ABORTED for Ctrl-C */
export async function ask(
  given: GivenConfig,
  earlier: Earlier,
  signal: AbortSignal,
): Promise<{ readonly given: GivenConfig; readonly earlier: Earlier }> {
  return askWith(terminal(signal), given, earlier);
}

/** As {@link ask}, of whoever answers. */
export async function askWith(
  prompter: Prompter,
  given: GivenConfig,
  earlier: Earlier,
): Promise<{ readonly given: GivenConfig; readonly earlier: Earlier }> {
  const role =
    given.role ??
    ((await prompter.choose(
      "What is this node for?",
      roles.map(value => ({ value, hint: hints[value] })),
    )) as Role);
  const { program, l1, keyName } = traitsOf(role);
  let next: GivenConfig = { ...given, role };
  if (program === "node" && next.bootnodeUrl === undefined && next.deploymentFile === undefined)
    next = { ...next, bootnodeUrl: await prompter.ask("RPC URL of any node of the network", "", urlProblem) };
  if (l1 && next.ethereumHosts === undefined)
    next = {
      ...next,
      ethereumHosts: [await prompter.ask("JSON-RPC URL of an L1 node", "http://127.0.0.1:8545", urlProblem)],
    };
  if (program === "prover-agent" && next.brokerUrl === undefined)
    next = { ...next, brokerUrl: await prompter.ask("RPC URL of the prover node", "", urlProblem) };
  const hasKey = next.keyFile !== undefined || (keyName !== undefined && earlier.variables.has(keyName));
  if (keyName === undefined || hasKey) return { given: next, earlier };
  return { given: next, earlier: { ...earlier, key: await askKey(prompter) } };
}

async function askKey(prompter: Prompter): Promise<OpenedKey> {
  const file = await prompter.ask("File with its L1 key (empty: type the key)", "", () => undefined);
  if (file === "") return openKey(await prompter.askSecret("L1 private key, 64 hex digits"), undefined);
  try {
    return await keyIn(file, undefined);
  } catch {
    // Encrypted, or not there: what is wrong with it is told then.
    const secret = await prompter.askSecret("Password of the keystore");
    const { readFile } = await import("node:fs/promises");
    return openKey(await readFile(file, "utf8"), secret);
  }
}

function urlProblem(value: string): string | undefined {
  return URL.canParse(value) && /^https?:/.test(value) ? undefined : "a URL that begins with http:// or https://";
}

function terminal(signal: AbortSignal): Prompter {
  const answered = (answer: unknown): string => {
    if (isCancel(answer)) throw abortError("asking", signal);
    return typeof answer === "string" ? answer : "";
  };
  return {
    choose: async (message, options) =>
      answered(await select({ message, options: options.map(each => ({ ...each, label: each.value })), signal })),
    ask: async (message, initial, check) =>
      answered(await text({ message, initialValue: initial, validate: value => check(value ?? ""), signal })),
    askSecret: async message => answered(await password({ message, signal })),
  };
}
