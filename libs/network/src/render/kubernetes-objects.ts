import { FirstPort, PROCESS_BYTES } from "../plan/network-limits.js";
import { NetworkAccount } from "../plan/plan-processes.js";
import { commandOf, probeOf, STOP_SECONDS, USER } from "./container-programs.js";

/** An object of Kubernetes or of kustomize. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Pods of one kind, which differ by their ordinal. */
interface Group {
  readonly name: string;
  /** Shell that sets what follows from ORDINAL. */
  readonly prepare?: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly data?: boolean;
  readonly init?: readonly object[];
  readonly isL1?: true;
}

const MIB = 2 ** 20;
const { RPC, L1, P2P } = FirstPort;
/** Of the prover node that a pod works with. */
const proverUrl = (number: string) => `http://prover-$((${number} % PROVERS)).prover:${RPC}`;
const l1Url = `http://l1:${L1}`;

const following = {
  ETHEREUM_HOST: l1Url,
  L1_SLOT_SECONDS: "1",
  L1_MAX_HEAD_AGE: "30s",
  L1_POLLING_INTERVAL: "500ms",
  ARCHIVER_POLLING_INTERVAL_MS: "500ms",
};
const joining = { ...following, BOOTNODE_URL: `http://bootnode:${RPC}` };

const groups: readonly Group[] = [
  {
    name: "l1",
    command: commandOf({ program: "l1", args: [] }),
    port: L1,
    environment: { NETWORK_L1_PORT: String(L1), NETWORK_L1_HOST: "0.0.0.0", NETWORK_L1_STATE_FILE: "/data/l1.json" },
    data: true,
    isL1: true,
  },
  {
    name: "bootnode",
    command: commandOf({ program: "node", args: ["--p2p-bootstrap"] }),
    port: RPC,
    environment: { DEPLOYMENT_FILE: "/data/deployment.json" },
    data: true,
    // Where it stopped, it goes on; afterwards it only writes the file again.
    init: [
      {
        ...container("deploy", commandOf({ program: "deployer", args: [] })),
        env: variables({ ETHEREUM_HOST: l1Url, DEPLOY_OUT: "/data/deployment.json" }),
        volumeMounts: mounts(true),
      },
    ],
  },
  {
    name: "prover",
    prepare:
      `export MNEMONIC_INDEX=$((ORDINAL == 0 ? ${NetworkAccount.PROVER} : ` +
      `${NetworkAccount.FIRST_VALIDATOR} + SEQUENCERS + ORDINAL - 1))`,
    command: commandOf({ program: "node", args: ["--node", "--prover-node"] }),
    port: RPC,
    environment: joining,
    secrets: ["MNEMONIC", "PROVER_BROKER_TOKEN"],
    data: true,
  },
  {
    name: "agent",
    prepare: `export PROVER_BROKER_HOST=${proverUrl("ORDINAL")}`,
    command: commandOf({ program: "prover-agent", args: [] }),
    port: RPC,
    environment: {
      METRICS_PORT: String(RPC),
      METRICS_HOST: "0.0.0.0",
      PROVER_AGENT_NAME: "$(NODE_NAME)",
      CRS_CACHE: "/data/crs",
    },
    secrets: ["PROVER_BROKER_TOKEN"],
    data: true,
  },
  {
    name: "validator",
    prepare:
      `export MNEMONIC_INDEX=$((${NetworkAccount.FIRST_VALIDATOR} + ORDINAL)); ` +
      `if [ "$PROVERS" -gt 0 ]; then export PROVER_CLIENT_URL=${proverUrl("ORDINAL")}; fi`,
    command: commandOf({ program: "node", args: ["--node", "--sequencer"] }),
    port: RPC,
    environment: joining,
    secrets: ["MNEMONIC"],
    data: true,
  },
  {
    name: "pxe",
    command: commandOf({ program: "node", args: ["--node", "--pxe"] }),
    port: RPC,
    environment: joining,
    data: true,
  },
];

/** All that every network has; how many of each, and the parameters, are an overlay's. */
export function baseObjects(): readonly KubernetesObject[] {
  return groups.flatMap(group => [service(group), statefulSet(group)]);
}

/** Headless: each pod has a name of its own. */
function service({ name, port, isL1 }: Group): KubernetesObject {
  const gossip =
    isL1 || name === "agent" ? [] : gossipPorts((protocol, portName) => ({ name: portName, port: P2P, protocol }));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: labels(name) },
    spec: {
      clusterIP: "None",
      // A node that is not ready yet talks to its peers all the same.
      publishNotReadyAddresses: true,
      selector: labels(name),
      ports: [{ name: "rpc", port }, ...gossip],
    },
  };
}

function statefulSet(group: Group): KubernetesObject {
  const { name, data = false, init = [] } = group;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, labels: labels(name) },
    spec: {
      serviceName: name,
      replicas: 1,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels(name) },
      template: {
        metadata: { labels: labels(name) },
        spec: {
          terminationGracePeriodSeconds: STOP_SECONDS,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: "RuntimeDefault" },
          },
          ...(init.length === 0 ? {} : { initContainers: init }),
          containers: [mainContainer(group)],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
      ...(data
        ? {
            volumeClaimTemplates: [
              {
                metadata: { name: "data" },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
              },
            ],
          }
        : {}),
    },
  };
}

function mainContainer({ name, prepare, command, port, environment = {}, secrets = [], data = false, isL1 }: Group) {
  const isAgent = name === "agent";
  const nodeEnvironment: Readonly<Record<string, string>> =
    isL1 || isAgent
      ? {}
      : {
          AZTEC_PORT: String(port),
          RPC_HOST: "0.0.0.0",
          RPC_ALLOWED_HOSTS: `localhost,${name},$(NODE_NAME).${name}`,
          P2P_TCP_LISTEN_ADDR: `0.0.0.0:${P2P}`,
          P2P_UDP_LISTEN_ADDR: `0.0.0.0:${P2P}`,
          DATA_DIRECTORY: "/data",
          CRS_CACHE: "/data/crs",
        };
  const run = prepare === undefined ? command : ["sh", "-c", `${prepare}; exec ${command.join(" ")}`];
  return {
    ...container(name, run),
    env: [
      { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      // A label that Kubernetes 1.28 and later sets.
      { name: "ORDINAL", valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } } },
      ...variables({ ...nodeEnvironment, ...environment }),
      ...secrets.map(secret => ({
        name: secret,
        valueFrom: { secretKeyRef: { name: "network-secrets", key: secret } },
      })),
    ],
    ports: [
      { name: "rpc", containerPort: port },
      ...(isL1 || isAgent
        ? []
        : gossipPorts((protocol, portName) => ({ name: portName, containerPort: P2P, protocol }))),
    ],
    // By a program in the container: its L1 has no GET /ready, and a node answers only to its own names.
    readinessProbe: {
      exec: { command: probeOf({ role: isL1 ? "l1" : "validator", port }) },
      periodSeconds: 10,
      timeoutSeconds: 5,
    },
    volumeMounts: mounts(data),
  };
}

function container(name: string, command: readonly string[]) {
  return {
    name,
    image: "sprtn",
    command: [...command],
    workingDir: "/app",
    envFrom: [{ configMapRef: { name: "network" } }],
    resources: { requests: { memory: `${Math.ceil(PROCESS_BYTES / MIB)}Mi` } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  };
}

function mounts(data: boolean) {
  return [{ name: "tmp", mountPath: "/tmp" }, ...(data ? [{ name: "data", mountPath: "/data" }] : [])];
}

function variables(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function gossipPorts<T>(make: (protocol: "TCP" | "UDP", name: string) => T): T[] {
  return [make("TCP", "gossip"), make("UDP", "discovery")];
}

function labels(name: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": "sprtn", "app.kubernetes.io/name": name };
}
