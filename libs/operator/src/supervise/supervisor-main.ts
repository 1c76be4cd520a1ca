import { fileURLToPath } from "node:url";

/** The program that keeps a node running. */
export const supervisorMain: string = fileURLToPath(new URL("./main.js", import.meta.url));
