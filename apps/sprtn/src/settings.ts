import {
  configRunSettings,
  configSettings,
  doctorSettings,
  logSettings,
  operatorSettings,
  startSettings,
  statusSettings,
  stopSettings,
} from "@sprtn/operator/settings";
import { composeSettings } from "@sprtn/settings";

const common = { installation: operatorSettings };

/** Of `sprtn config`. */
export const configVerbSettings = composeSettings({ node: configSettings, config: configRunSettings, ...common });
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
