import { parseSettings } from "@sprtn/settings";
import { nodeSettings } from "../settings.js";

/** Settings of a node as an environment gives them. */
export function testSettings(env: Readonly<Record<string, string>> = {}) {
  return parseSettings(nodeSettings, {
    env: {
      P2P_TCP_LISTEN_ADDR: "127.0.0.1:0",
      P2P_UDP_LISTEN_ADDR: "127.0.0.1:0",
      P2P_DISCOVERY: "false",
      AZTEC_PORT: "0",
      ...env,
    },
  }).settings;
}
