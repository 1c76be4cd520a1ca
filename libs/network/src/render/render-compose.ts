import { stringify } from "yaml";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import type { NetworkPlan } from "../plan/network-plan.js";
import { FirstPort } from "../plan/network-limits.js";
import type { PlannedProcess, SecretName } from "../plan/planned-process.js";
import { commandOf, dockerfile, probeOf, STOP_SECONDS, USER } from "./container-programs.js";
import type { RenderedFile } from "./rendered-files.js";

/** What compose files are written with. */
export interface RenderOptions {
  readonly image: string;
  readonly token: string;
}

const head = `# A network of containers, written by \`deployer network render\`. Its secrets are in .env files.
# Not run: where this was written, there is no Docker. The file fits the compose specification's schema.
`;

const secretFiles: Readonly<Record<SecretName, string>> = {
  MNEMONIC: "mnemonic.env",
  PROVER_BROKER_TOKEN: "broker-token.env",
};

/** A compose file for a plan, the files with its secrets, and what its image is built from. */
export function renderCompose(plan: NetworkPlan, { image, token }: RenderOptions): readonly RenderedFile[] {
  return [
    { path: "compose.yaml", text: composeFile(plan, image) },
    { path: "Dockerfile", text: dockerfile },
    { path: secretFiles.MNEMONIC, text: `MNEMONIC=${DEVNET_MNEMONIC}\n`, secret: true },
    { path: secretFiles.PROVER_BROKER_TOKEN, text: `PROVER_BROKER_TOKEN=${token}\n`, secret: true },
  ];
}

/** Without secrets: it may be committed. */
export function composeFile(plan: NetworkPlan, image: string): string {
  const services = new Services(plan, image);
  const content = {
    ...services.shared(),
    services: services.all(),
    volumes: Object.fromEntries([...services.volumes].map(name => [name, {}])),
  };
  // What an older YAML takes for a number, such as 1000:1000, is quoted.
  return head + stringify(content, { schema: "yaml-1.1", merge: true, lineWidth: 0 });
}

class Services {
  readonly volumes = new Set<string>();
  /** Every container: nothing of it is root, nothing of its image is written. */
  readonly #container;
  /** All but L1 answer alike, on the same port. */
  readonly #ready = healthcheck({ role: "validator", port: FirstPort.RPC });
  /** What nodes have in common in their environment, by role. */
  readonly #environments = new Map<string, Record<string, string>>();

  constructor(
    private readonly plan: NetworkPlan,
    image: string,
  ) {
    this.#container = {
      image,
      user: `${USER}:${USER}`,
      read_only: true,
      tmpfs: ["/tmp"],
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      stop_grace_period: `${STOP_SECONDS}s`,
      restart: "unless-stopped",
    };
    for (const { role, environment } of plan.processes.toReversed())
      this.#environments.set(
        role,
        sharedOf(
          plan.processes.filter(each => each.role === role),
          environment,
        ),
      );
  }

  /** What services refer to: YAML anchors. */
  shared(): Record<string, unknown> {
    const environments = [...this.#environments].filter(([role]) => this.#several(role)).toReversed();
    return {
      "x-container": this.#container,
      "x-ready": this.#ready,
      ...Object.fromEntries(environments.map(([role, environment]) => [`x-${role}`, environment])),
    };
  }

  all(): Record<string, unknown> {
    let published = FirstPort.RPC + this.plan.parameters.portOffset;
    return Object.fromEntries(
      this.plan.processes.map(planned => {
        const publish = planned.role === "l1" ? FirstPort.L1 + this.plan.parameters.portOffset : published;
        if (planned.role !== "l1" && planned.port !== undefined) published++;
        return [planned.name, this.#service(planned, publish)];
      }),
    );
  }

  #service(planned: PlannedProcess, publish: number): Record<string, unknown> {
    const { name, role, port, secrets, environment } = planned;
    const files = secrets.map(secret => secretFiles[secret]);
    return {
      "<<": this.#container,
      ...(role === "deploy" ? { restart: "on-failure" } : {}),
      command: commandOf(planned),
      environment: this.#several(role)
        ? { "<<": this.#environments.get(role), ...without(environment, this.#environments.get(role) ?? {}) }
        : environment,
      ...(files.length === 0 ? {} : { env_file: files }),
      ...this.#volumesOf(planned),
      ...(port === undefined
        ? {}
        : {
            // Only for this machine.
            ports: [`127.0.0.1:${publish}:${port}`],
            healthcheck: role === "l1" ? healthcheck(planned) : this.#ready,
          }),
      ...this.#dependsOn(name),
    };
  }

  #volumesOf({ name, role, environment }: PlannedProcess): Record<string, unknown> {
    const mounts: string[] = [];
    if (role !== "deploy") mounts.push(`${name}:/data`);
    if (role === "deploy") mounts.push("deployment:/deployment");
    if (environment.DEPLOYMENT_FILE !== undefined) mounts.push("deployment:/deployment:ro");
    for (const mount of mounts) this.volumes.add(mount.split(":")[0] as string);
    return mounts.length === 0 ? {} : { volumes: mounts };
  }

  /** On the wave before its own. */
  #dependsOn(name: string): Record<string, unknown> {
    const { waves } = this.plan;
    const own = waves.findIndex(wave => wave.includes(name));
    const first = waves.findIndex(wave => wave.some(each => this.#roleOf(each) === this.#roleOf(name)));
    // Waves of validators spare one machine that starts processes; containers wait for what they cannot do without.
    const before = waves[(own < 0 ? 0 : first) - 1];
    if (before === undefined) return {};
    const condition = (each: string) =>
      this.#roleOf(each) === "deploy" ? "service_completed_successfully" : "service_healthy";
    return { depends_on: Object.fromEntries(before.map(each => [each, { condition: condition(each) }])) };
  }

  #roleOf(name: string): string | undefined {
    return this.plan.processes.find(each => each.name === name)?.role;
  }

  #several(role: string): boolean {
    return this.plan.processes.filter(each => each.role === role).length > 1;
  }
}

function healthcheck(planned: Pick<PlannedProcess, "role" | "port">) {
  return { test: ["CMD", ...probeOf(planned)], interval: "5s", timeout: "5s", retries: 60 };
}

/** What all of them have alike. */
function sharedOf(
  processes: readonly PlannedProcess[],
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const alike = ([name, value]: [string, string]) => processes.every(each => each.environment[name] === value);
  return Object.fromEntries(Object.entries(environment).filter(alike));
}

function without(
  all: Readonly<Record<string, string>>,
  some: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in some)));
}
