import {
  networkDownSettings,
  networkLogSettings,
  networkOutputSettings,
  networkParameterSettings,
  networkPlaceSettings,
  networkRenderSettings,
  networkWaitSettings,
} from "@sprtn/network/settings";
import { composeSettings } from "@sprtn/settings";

const common = { place: networkPlaceSettings, output: networkOutputSettings };

const { image } = networkRenderSettings;

/** Of `network up`. */
export const upSettings = composeSettings({
  network: networkParameterSettings,
  ...common,
  wait: networkWaitSettings,
  render: { image },
});
/** Of `network status`. */
export const statusSettings = composeSettings(common);
/** Of `network down`. */
export const downSettings = composeSettings({ ...common, wait: networkWaitSettings, down: networkDownSettings });
/** Of `network logs`. */
export const logsSettings = composeSettings({ ...common, logs: networkLogSettings });
/** Of `network render`. */
export const renderSettings = composeSettings({
  network: networkParameterSettings,
  output: networkOutputSettings,
  render: networkRenderSettings,
});
