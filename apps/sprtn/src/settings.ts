import {
  accountSettings,
  configRunSettings,
  configSettings,
  doctorSettings,
  keysSettings,
  logSettings,
  operatorSettings,
  rewardsSettings,
  startSettings,
  statusSettings,
  stopSettings,
  teocalliSettings,
  validatorVerbSettings as validatorSettings,
} from "@sprtn/operator/settings";
import { composeSettings } from "@sprtn/settings";

const common = { installation: operatorSettings };

/** Of `sprtn config`. */
export const configVerbSettings = composeSettings({ node: configSettings, config: configRunSettings, ...common });
const { role, bootnodeUrl, ethereumHosts, keyFile, name, rpcPort, p2pPort, ip, data } = configSettings;

/** Of `sprtn config`, the ten that a reader wants first. */
export const configFirstSettings = composeSettings({
  node: { role, bootnodeUrl, ethereumHosts, keyFile, name, rpcPort, p2pPort, ip, data },
  installation: { dir: operatorSettings.dir },
});
/** Of `sprtn start`. */
export const startVerbSettings = composeSettings({ start: startSettings, ...common });
/** Of `sprtn stop`. */
export const stopVerbSettings = composeSettings({ stop: stopSettings, ...common });
/** Of `sprtn restart`. */
export const restartVerbSettings = composeSettings({ stop: stopSettings, start: startSettings, ...common });
/** Of `sprtn logs`. */
export const logsVerbSettings = composeSettings({ logs: logSettings, ...common });
/** Of `sprtn status`. */
export const statusVerbSettings = composeSettings({ status: statusSettings, ...common });
/** Of `sprtn doctor`. */
export const doctorVerbSettings = composeSettings({ doctor: doctorSettings, ...common });
/** Of `sprtn keys`. */
export const keysVerbSettings = composeSettings({ keys: keysSettings, ...common });
/** Of `sprtn validator`. */
export const validatorVerbSettings = composeSettings({
  validator: validatorSettings,
  account: accountSettings,
  ...common,
});
/** Of `sprtn rewards`. */
export const rewardsVerbSettings = composeSettings({ rewards: rewardsSettings, account: accountSettings, ...common });
/** Of `sprtn teocalli`. */
export const teocalliVerbSettings = composeSettings({
  teocalli: teocalliSettings,
  account: accountSettings,
  ...common,
});
/** Of `sprtn slashing-protection`. */
export const protectionVerbSettings = composeSettings(common);
