import { defineSettings, type SettingsOf, text } from "@sprtn/settings";

/** Where points come from and are kept. */
export const crsSettings = defineSettings({
  crsPath: {
    env: "CRS_PATH",
    parse: text("a directory"),
    default: undefined,
    defaultText: "the cache, where one is prepared if necessary",
    description:
      "Folder with a structured reference string in Barretenberg's format (bn254_g1.dat, bn254_g2.dat), used " +
      "unchanged",
  },
  crsCache: {
    env: "CRS_CACHE",
    parse: text("a directory"),
    default: undefined,
    defaultText: "sprtn/crs in $XDG_CACHE_HOME or ~/.cache",
    description:
      "Folder for structured reference strings and for the Barretenberg that is adapted to the dev CRS, shared by " +
      "all of this user's deployments; about 300 MB",
  },
});

/** What {@link crsSettings} are read into. */
export type CrsOptions = SettingsOf<typeof crsSettings>;
