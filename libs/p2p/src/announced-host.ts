import { isIP } from "node:net";
import { messageOf } from "@sprtn/primitives";
import type { P2pDependencies } from "./p2p-dependencies.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import type { P2pSettings } from "./p2p-settings.js";

/**
 * The IP address that is announced to peers; undefined if peers should determine it.
 * @throws START_FAILED if it was to be asked for and cannot be
 */
export async function announcedHost(
  queryIp: P2pDependencies["queryIp"],
  settings: Pick<P2pSettings, "tcpAnnounce" | "udpAnnounce" | "queryForIp">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const given = settings.tcpAnnounce?.host ?? settings.udpAnnounce?.host;
  if (given !== undefined || !settings.queryForIp || !queryIp) return given;
  try {
    const ip = await queryIp(signal);
    if (isIP(ip) !== 0) return ip;
    throw new P2pError(P2pErrorCode.BAD_ADDRESS, "the answer is not an IP address", { value: ip.slice(0, 100) });
  } catch (cause) {
    const advice = "give the IP in P2P_TCP_ANNOUNCE_ADDR, or set P2P_QUERY_FOR_IP to false to learn it from peers";
    throw new P2pError(
      P2pErrorCode.START_FAILED,
      `this machine's public IP could not be determined (${messageOf(cause)}): ${advice}`,
      {},
      { cause },
    );
  }
}
