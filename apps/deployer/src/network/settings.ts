import {
  networkDownSettings,
  networkLogSettings,
  networkOutputSettings,
  networkParameterSettings,
  networkPlaceSettings,
  networkWaitSettings,
} from "@sprtn/network/settings";
import { composeSettings } from "@sprtn/settings";

const common = { place: networkPlaceSettings, output: networkOutputSettings };

/** Of `network up`. */
export const upSettings = composeSettings({ network: networkParameterSettings, ...common, wait: networkWaitSettings });
/** Of `network status`. */
export const statusSettings = composeSettings(common);
/** Of `network down`. */
export const downSettings = composeSettings({ ...common, wait: networkWaitSettings, down: networkDownSettings });
/** Of `network logs`. */
export const logsSettings = composeSettings({ ...common, logs: networkLogSettings });
