import { collide, deploymentSettings } from "@sprtn/deployment/settings";
import { l1Settings } from "@sprtn/l1-client/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { type ComposedSettings, composeSettings, type GivenSettings, type SettingsProblem } from "@sprtn/settings";
import { bothGiven } from "@sprtn/wiring/settings";

const { urls, chainId } = l1Settings;
const { logLevel, logFormat, logFile, logOutputFile, logFileMaxMb, logFileCount } = observabilitySettings;

/** Everything that the deployer can be told. */
export const deployerSettings = composeSettings({
  deployment: deploymentSettings,
  l1: { urls, chainId },
  observability: { logLevel, logFormat, logFile, logOutputFile, logFileMaxMb, logFileCount },
});
export type DeployerSettings = ComposedSettings<(typeof deployerSettings)["groups"]>;

/** What the deployer was told that cannot all be. */
export function contradictions(given: GivenSettings): readonly SettingsProblem[] {
  const simulated = given("DEPLOY_PROOFS")?.text === "simulated";
  return [
    ...bothGiven(given, "DEPLOYER_PRIVATE_KEY", "DEPLOY_DEPLOYER_INDEX"),
    ...bothGiven(given, "DEPLOY_VALIDATORS", "DEPLOY_VALIDATOR_COUNT"),
    ...bothGiven(given, "DEPLOY_VALIDATORS", "DEPLOY_VALIDATOR_INDEX"),
    ...(simulated ? bothGiven(given, "DEPLOY_PROOFS", "DEPLOY_CRS") : []),
    ...pricesWithoutFees(given),
    ...journalInTheWay(given),
  ];
}

/** Fees that are off fix the base fees and the gas target: what else was said of them would be passed over. */
function pricesWithoutFees(given: GivenSettings): readonly SettingsProblem[] {
  if (given("DEPLOY_FEES")?.text !== "off") return [];
  const fixed = ["INITIAL_BASE_FEE_L2", "INITIAL_BASE_FEE_DA", "L2_GAS_TARGET", "DA_GAS_TARGET"];
  const blocks = given("DEPLOY_MAX_TXS_PER_BLOCK");
  return [
    ...fixed.flatMap(name => bothGiven(given, "DEPLOY_FEES", `DEPLOY_${name}`)),
    ...(blocks === undefined
      ? []
      : [
          {
            name: blocks.name,
            text:
              `${blocks.name} bounds blocks by their gas, which has no limit while fees are off: leave it out, and ` +
              "give every sequencer SEQ_MAX_TX_PER_BLOCK",
          },
        ]),
  ];
}

function journalInTheWay(given: GivenSettings): readonly SettingsProblem[] {
  const journal = given("DEPLOY_JOURNAL");
  const out = given("DEPLOY_OUT")?.text ?? deploymentSettings.out.default;
  if (journal === undefined || !collide(journal.text, out)) return [];
  return [
    {
      name: journal.name,
      text: `${journal.name} and the deployment file ${out} would overwrite each other: give another name`,
    },
  ];
}
