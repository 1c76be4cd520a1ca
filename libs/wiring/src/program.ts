export {
  type ProtectionCommand,
  protectionCommandOf,
  protectionHelpOf,
  type ProtectionSettings,
  runProtectionCommand,
} from "./program/protection-command.js";
export { type Program, readOptionalFile, readProgramSettings, versionOf } from "./program/read-settings.js";
export { exitWith, runUntilStopped } from "./program/run-until-stopped.js";
