import { defineSettings, type SettingsOf, text } from "@sprtn/settings";

/** Where points come from and are kept. */
export const crsSettings = defineSettings({
  crsPath: {
    env: "CRS_PATH",
    parse: text("a directory"),
    default: undefined,
    defaultText: "the cache, where one is prepared if need be",
    description: "Structured reference string in Barretenberg's format (bn254_g1.dat, bn254_g2.dat), used as it is",
  },
  crsCache: {
    env: "CRS_CACHE",
    parse: text("a directory"),
    default: undefined,
    defaultText: "sprtn/crs in $XDG_CACHE_HOME or ~/.cache",
    description:
      "Where structured reference strings, and Barretenberg as it is adapted to the dev one, are kept for " +
      "all deployments of this user; about 300 MB",
  },
});

/** What {@link crsSettings} are read into. */
export type CrsOptions = SettingsOf<typeof crsSettings>;
