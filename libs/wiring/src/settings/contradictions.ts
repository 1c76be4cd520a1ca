import type { GivenSetting, GivenSettings, SettingsProblem, SettingsValues } from "@sprtn/settings";

const isOff = ({ text }: GivenSetting) => ["false", "0", "no", "off"].includes(text.toLowerCase());
const problem = ({ name }: GivenSetting, text: string): SettingsProblem => ({ name, text });

/** Two ways to say one thing, of which only the first would count. */
export function bothGiven(given: GivenSettings, first: string, second: string): readonly SettingsProblem[] {
  const [one, other] = [given(first), given(second)];
  if (one === undefined || other === undefined) return [];
  return [problem(one, `${one.name} and ${other.name} exclude each other: give one of them`)];
}

/** One L1 key, of a program that publishes to L1. */
export const keyContradictions = (given: GivenSettings): readonly SettingsProblem[] =>
  bothGiven(given, "SEQ_PUBLISHER_PRIVATE_KEY", "MNEMONIC");

/** Settings of which the first must not be above the second, by their environment names. */
const ordered = [
  ["P2P_MIN_PEERS", "P2P_MAX_PEERS"],
  ["SEQ_MIN_TX_PER_BLOCK", "SEQ_MAX_TX_PER_BLOCK"],
  ["LOCAL_COMMITTEE", "LOCAL_VALIDATORS"],
  // Else most slots pass without an L1 block that could hold theirs.
  ["LOCAL_L1_BLOCK_SECONDS", "LOCAL_SLOT_SECONDS"],
] as const;

/** A least that is above its most. Defaults give way: somebody must have given the least. */
export function crossedBounds(given: GivenSettings, values: SettingsValues): readonly SettingsProblem[] {
  const problems = ordered.flatMap(([least, most]) => crossed(given, values, [least, most]));
  // 0 is no bound.
  if (values("SEQ_MAX_SECONDS_BETWEEN_BLOCKS") !== 0)
    problems.push(...crossed(given, values, ["SEQ_MIN_SECONDS_BETWEEN_BLOCKS", "SEQ_MAX_SECONDS_BETWEEN_BLOCKS"]));
  return problems;
}

function crossed(
  given: GivenSettings,
  values: SettingsValues,
  [least, most]: readonly [string, string],
): SettingsProblem[] {
  const [low, high] = [values(least), values(most)];
  const told = given(least);
  if (told === undefined || typeof low !== "number" || typeof high !== "number" || low <= high) return [];
  const other = given(most)?.name ?? most;
  return [problem(told, `${told.name} (${low}) is above ${other} (${high}): lower the first, or raise the second`)];
}

/** The network that a node joins: a local one is none. */
const ofNetwork = ["DENSE", "DEPLOYMENT_FILE", "BOOTNODE_URL", "PROVER_CLIENT_URL", "PROVER_BROKER_HOST"];
/** Of these, variables of the environment may be meant for other programs; the file is a node's alone. */
const ofL1 = ["ETHEREUM_HOST", "L1_CHAIN_ID"];

/** How a node is told which of its modes it runs in. */
export interface NodeModes {
  readonly roles: readonly string[];
  /** What shapes a local network, by environment name. */
  readonly local: readonly string[];
}

/** A node's modes exclude one another: a local network is all roles, on an L1 of its own. */
export function nodeContradictions(given: GivenSettings, { roles, local }: NodeModes): readonly SettingsProblem[] {
  const network = given("LOCAL_NETWORK");
  const wanted = network !== undefined && !isOff(network) ? network : undefined;
  const role = roles.map(given).find(each => each !== undefined && !isOff(each));
  const problems = [...keyContradictions(given)];
  if (wanted && role)
    problems.push(
      problem(
        wanted,
        `${wanted.name} and ${role.name} exclude each other: a local network runs every role itself; give one of them`,
      ),
    );
  if (network && !wanted && !role)
    problems.push(
      problem(network, `${network.name} is off, and no role is given: give one, such as --node or --sequencer`),
    );
  if (wanted === undefined && role !== undefined)
    for (const each of local.map(given))
      if (each?.byFlag)
        problems.push(
          problem(each, `${each.name} shapes a local network, but ${role.name} joins one: leave out one of them`),
        );
  if (role === undefined && (wanted !== undefined || network === undefined))
    for (const each of [...ofNetwork, ...ofL1].map(given))
      if (each && (each.byFlag || each.name === "DEPLOYMENT_FILE"))
        problems.push(
          problem(
            each,
            `${each.name} is for a node of an existing network, but without a role a local network runs, on an L1 of ` +
              "its own: give a role, such as --node, or leave it out",
          ),
        );
  if (role !== undefined) problems.push(...denseContradictions(given));
  const [bootstrap, p2p] = [given("ROLE_P2P_BOOTSTRAP"), given("P2P_ENABLED")];
  if (bootstrap && !isOff(bootstrap) && p2p && isOff(p2p))
    problems.push(
      problem(p2p, `${p2p.name} is off, but ${bootstrap.name} is for helping others find peers: leave out one of them`),
    );
  return problems;
}

/** Roles of which a dense process has none: whatever they need, another process does. */
const notDense = ["ROLE_PROVER_NODE", "ROLE_PROVER", "ROLE_P2P_BOOTSTRAP", "ROLE_BOT"];

function denseContradictions(given: GivenSettings): readonly SettingsProblem[] {
  const dense = given("DENSE");
  if (dense === undefined) return [];
  const isOn = (env: string) => {
    const setting = given(env);
    return setting !== undefined && !isOff(setting);
  };
  const problems = notDense
    .filter(isOn)
    .map(env =>
      problem(
        dense,
        `${dense.name} runs validators and nothing else, but ${given(env)?.name} is given too: run that as a process ` +
          "of its own",
      ),
    );
  if (!isOn("ROLE_SEQUENCER"))
    problems.push(problem(dense, `${dense.name} names the validators of a process: give --sequencer with it`));
  return problems;
}
