import { FirstPort } from "./network-limits.js";

/** Where processes find one another, and their files: it differs between one machine and containers. */
export interface Addressing {
  readonly l1Url: string;
  /** Where others reach the RPC of a process. */
  rpcUrl(name: string, port: number): string;
  /** What a node listens on. */
  listen(node: { readonly name: string; readonly rpc: number; readonly p2p: number }): Readonly<Record<string, string>>;
  /** What the metrics of a program without RPC are served on. */
  metrics(port: number): Readonly<Record<string, string>>;
  readonly dataDirectory: string;
  /** Where processes keep what they share with other networks of the user, if not where they do by themselves. */
  readonly caches: Readonly<Record<string, string>>;
  readonly deploymentFile: string;
  /** Every process has its own address, so that all use the same ports. */
  readonly samePorts: boolean;
}

/** Processes of one machine, each with a working folder of its own in the network's folder. */
export function localAddressing(portOffset: number): Addressing {
  return {
    l1Url: `http://127.0.0.1:${FirstPort.L1 + portOffset}`,
    rpcUrl: (_, port) => `http://127.0.0.1:${port}`,
    listen: ({ rpc, p2p }) => ({
      AZTEC_PORT: String(rpc),
      P2P_TCP_LISTEN_ADDR: `127.0.0.1:${p2p}`,
      P2P_UDP_LISTEN_ADDR: `127.0.0.1:${p2p}`,
    }),
    metrics: port => ({ METRICS_PORT: String(port) }),
    dataDirectory: "data",
    caches: {},
    deploymentFile: "../deployment.json",
    samePorts: false,
  };
}

/** Containers, which reach one another by their names. */
export const containerAddressing: Addressing = {
  l1Url: `http://l1:${FirstPort.L1}`,
  rpcUrl: (name, port) => `http://${name}:${port}`,
  listen: ({ name, rpc, p2p }) => ({
    AZTEC_PORT: String(rpc),
    RPC_HOST: "0.0.0.0",
    RPC_ALLOWED_HOSTS: `${name},localhost,127.0.0.1`,
    P2P_TCP_LISTEN_ADDR: `0.0.0.0:${p2p}`,
    P2P_UDP_LISTEN_ADDR: `0.0.0.0:${p2p}`,
  }),
  metrics: port => ({ METRICS_PORT: String(port), METRICS_HOST: "0.0.0.0" }),
  dataDirectory: "/data",
  caches: { CRS_CACHE: "/data/crs" },
  deploymentFile: "/deployment/deployment.json",
  samePorts: true,
};
