import { deploymentSettings } from "@sprtn/deployment/settings";
import { l1Settings } from "@sprtn/l1-client/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { type ComposedSettings, composeSettings } from "@sprtn/settings";

const { urls, chainId } = l1Settings;
const { logLevel, logFormat, logFile, logFileMaxMb, logFileCount } = observabilitySettings;

/** Everything that the deployer can be told. */
export const deployerSettings = composeSettings({
  deployment: deploymentSettings,
  l1: { urls, chainId },
  observability: { logLevel, logFormat, logFile, logFileMaxMb, logFileCount },
});
export type DeployerSettings = ComposedSettings<(typeof deployerSettings)["groups"]>;
