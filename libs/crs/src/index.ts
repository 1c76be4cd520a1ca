export { CrsError, CrsErrorCode, type CrsErrorPayload } from "./crs-error.js";
export { crsCacheFolder } from "./crs-cache-folder.js";
export { type CrsDependencies, type CrsRequest, ensureCrs } from "./ensure-crs.js";
export { type Crs, openCrs } from "./open-crs.js";
export type { CrsProgress } from "./crs-progress.js";
export { POINT_BYTES } from "./point-format.js";
