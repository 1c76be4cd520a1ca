import { fileURLToPath } from "node:url";

/** The program that runs a network's L1. */
export const l1Main: string = fileURLToPath(new URL("./main.js", import.meta.url));
