export { positiveWei, wei } from "./amount-parser.js";
export { type ComposedSettings, composeSettings, type Composition, type SettingsGroups } from "./compose.js";
export { defineSettings, type Setting, type SettingsDeclaration, type SettingsOf } from "./declaration.js";
export { durationMs, durationSeconds } from "./duration-parsers.js";
export { parseEnvFile } from "./env-file.js";
export { type Explanation, formatExplanations } from "./explain.js";
export { wantsHelp, wantsVersion } from "./flags.js";
export { helpText, referenceMarkdown } from "./help.js";
export { address, addressOfSomebody, bytes32, hexBytes } from "./hex-parsers.js";
export { bigInteger, decimal, integer, port, type Range } from "./number-parsers.js";
export type { Parser } from "./parser.js";
export {
  type ParsedSettings,
  parseSettings,
  type GivenSetting,
  type GivenSettings,
  type SettingsValues,
  type SettingsSources,
} from "./parse-settings.js";
export { Secret } from "./secret.js";
export { SettingsError, SettingsErrorCode, type SettingsProblem } from "./settings-error.js";
export { boolean, list, oneOf, text } from "./text-parsers.js";
export { nodeUrl, url } from "./url-parser.js";
