import { collide, deploymentSettings } from "@sprtn/deployment/settings";
import { l1Settings } from "@sprtn/l1-client/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { type ComposedSettings, composeSettings, type GivenSettings, type SettingsProblem } from "@sprtn/settings";
import { bothGiven } from "@sprtn/wiring/settings";

const { urls, chainId } = l1Settings;
const { logLevel, logFormat, logFile, logFileMaxMb, logFileCount } = observabilitySettings;

/** Everything that the deployer can be told. */
export const deployerSettings = composeSettings({
  deployment: deploymentSettings,
  l1: { urls, chainId },
  observability: { logLevel, logFormat, logFile, logFileMaxMb, logFileCount },
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
    ...journalInTheWay(given),
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
