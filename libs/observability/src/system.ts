export { RotatingFile, type RotatingFileSettings } from "./rotating-file.js";
export { systemClock } from "./system-clock.js";
export { systemRandom } from "./system-random.js";
