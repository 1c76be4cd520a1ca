import { announcedHost } from "./announced-host.js";
import { isLoopback, isUnspecified, toMultiaddrText } from "./endpoint.js";
import type { RecordEndpoints } from "./node-record.js";
import type { P2pDependencies } from "./p2p-dependencies.js";
import type { P2pSettings } from "./p2p-settings.js";
import { probeTcpPort, probeUdpPort } from "./probe-port.js";

/** Where a node listens, and what it tells peers of that. */
export interface OwnAddresses {
  /** Multiaddrs. */
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  readonly loopback: boolean;
  /** Undefined without discovery. */
  readonly udpPort: number | undefined;
  /** What the node's ENR says, given the TCP port that is bound in the end. */
  record(boundTcpPort: number): RecordEndpoints;
}

/**
 * Finds out what the settings leave open, and whether the ports are free.
 * @throws P2pError PORT_TAKEN, BAD_ADDRESS, START_FAILED
 */
export async function ownAddresses(
  queryIp: P2pDependencies["queryIp"],
  settings: P2pSettings,
  signal: AbortSignal,
): Promise<OwnAddresses> {
  const { tcpListen, udpListen, tcpAnnounce, udpAnnounce, discovery } = settings;
  if (tcpListen.port !== 0) await probeTcpPort(tcpListen.host, tcpListen.port);
  const udpPort = discovery ? await probeUdpPort(udpListen.host, udpListen.port) : undefined;
  const host = await announcedHost(queryIp, settings, signal);
  const announcePort = tcpAnnounce?.port ?? 0;
  return {
    listen: [toMultiaddrText(tcpListen.host, "tcp", tcpListen.port)],
    announce: host !== undefined && announcePort !== 0 ? [toMultiaddrText(host, "tcp", announcePort)] : [],
    loopback: isLoopback(tcpListen.host),
    udpPort,
    record: boundTcpPort => ({
      host: host ?? (isUnspecified(tcpListen.host) ? undefined : tcpListen.host),
      tcp: announcePort === 0 ? boundTcpPort : announcePort,
      udp: udpPort === undefined ? undefined : udpAnnounce?.port || udpPort,
    }),
  };
}
