import { stringify } from "yaml";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import type { NetworkPlan } from "../plan/network-plan.js";
import { baseObjects, type KubernetesObject } from "./kubernetes-objects.js";
import type { RenderOptions } from "./render-compose.js";
import type { RenderedFile } from "./rendered-files.js";

const head = `# Written by \`deployer network render\`.
# Not run: where this was written, there is no Kubernetes. Each object fits the model of its kind.
`;

/** Objects that every network has, and an overlay with a plan's values: `kubectl apply -k overlays/PRESET`. */
export function renderKubernetes(plan: NetworkPlan, { image, token }: RenderOptions): readonly RenderedFile[] {
  const overlay = `overlays/${plan.parameters.preset}`;
  const secrets = `MNEMONIC=${DEVNET_MNEMONIC}\nPROVER_BROKER_TOKEN=${token}\n`;
  return [
    { path: "base/kustomization.yaml", text: yaml([baseKustomization]) },
    { path: "base/network.yaml", text: yaml(baseObjects()) },
    { path: `${overlay}/kustomization.yaml`, text: overlayFile(plan, image) },
    { path: `${overlay}/secrets.env`, text: secrets, secret: true },
  ];
}

/** The values of a plan, without secrets: it may be committed. */
function overlayFile(plan: NetworkPlan, image: string): string {
  return yaml([overlayKustomization(plan, image)]);
}

const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
const baseKustomization = { ...kustomization, resources: ["network.yaml"] };

function overlayKustomization({ parameters, processes, accounts }: NetworkPlan, image: string): KubernetesObject {
  const { sequencers, provers, agents, pxes } = parameters;
  const deploy = processes.find(({ role }) => role === "deploy")?.environment ?? {};
  const validator = processes.find(({ role }) => role === "validator")?.environment ?? {};
  const picked = (from: Readonly<Record<string, string>>, prefix: string) =>
    Object.fromEntries(Object.entries(from).filter(([name]) => name.startsWith(prefix)));
  const { DEPLOY_OUT: _, ...deployed } = picked(deploy, "DEPLOY_");
  const values: Readonly<Record<string, string>> = {
    ...deployed,
    SEQUENCERS: String(sequencers),
    PROVERS: String(provers),
    NETWORK_L1_ACCOUNTS: String(accounts),
    PROVER_AGENT_ENABLED: String(agents === 0),
    P2P_MIN_PEERS: validator.P2P_MIN_PEERS ?? "0",
    ...picked(validator, "SEQ_"),
  };
  const [tagged = image, digest] = image.split("@");
  const colon = tagged.lastIndexOf(":");
  const [name, tag] =
    colon > tagged.lastIndexOf("/") ? [tagged.slice(0, colon), tagged.slice(colon + 1)] : [tagged, "latest"];
  return {
    ...kustomization,
    resources: ["../../base"],
    images: [{ name: "sprtn", newName: name, ...(digest === undefined ? { newTag: tag } : { digest }) }],
    replicas: [
      { name: "validator", count: sequencers },
      { name: "prover", count: provers },
      { name: "agent", count: agents },
      { name: "pxe", count: pxes },
    ],
    configMapGenerator: [
      { name: "network", literals: Object.entries(values).map(([key, value]) => `${key}=${value}`) },
    ],
    secretGenerator: [{ name: "network-secrets", envs: ["secrets.env"] }],
  };
}

function yaml(objects: readonly unknown[]): string {
  return head + objects.map(each => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
