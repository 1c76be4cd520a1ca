import { jsFieldHasher } from "@sprtn/primitives";
import { brokerMethods, createRpcClient, RpcErrorCode } from "@sprtn/rpc";
import { ManualClock } from "@sprtn/runtime";
import { buildDeployment, MemoryJournal, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { openCompanions } from "./companions.js";
import type { CreatedNode } from "./create-node.js";
import type { ProcessResources } from "./process-resources.js";
import type { Unready } from "./readiness.js";
import { testSettings } from "./test/test-settings.js";

describe("a node's RPC", () => {
  const say: { synced: boolean; trouble?: Unready | undefined } = { synced: false };
  const archiver = { subscribe: () => () => {}, synced: () => say.synced, trouble: () => say.trouble };

  /** The RPC of a node with these parts besides, for as long as `use` takes. */
  async function serving(
    parts: object,
    env: Readonly<Record<string, string>>,
    use: (url: string) => Promise<void>,
  ): Promise<void> {
    const [settings, deployment] = [testSettings(env), buildDeployment()];
    const options = { name: "node", version: "0", roles: new Set(["node"]), settings, deployment };
    const all = { chain: { archiver }, nodeService: {}, ...parts };
    const node = { options, parts: all, journal: new MemoryJournal(), l1: {} } as unknown as CreatedNode;
    const process = { clock: new ManualClock(), logger: new MemoryLogger(), hasher: jsFieldHasher };
    const metrics = Object.assign(new RecordingMeter(), { metricsText: async () => "" });
    const { rpc, close } = await openCompanions(
      { process: process as unknown as ProcessResources, node, metrics },
      { bot: undefined },
    );
    await rpc.start();
    try {
      await use(rpc.url);
    } finally {
      await rpc.stop();
      await close();
    }
  }

  it("says by GET /ready whether the node follows L1, and if not what keeps it", () =>
    serving({}, {}, async url => {
      const ready = async () => {
        const answer = await fetch(`${url}/ready`);
        const { code } = (await answer.json()) as { readonly code?: string };
        return [answer.status, code];
      };
      expect(await ready()).to.deep.equal([503, "NODE_NOT_SYNCED"]);
      say.trouble = { code: "ARCHIVER_L1_EVENTS_MISSING", reason: "use another endpoint" };
      expect(await ready()).to.deep.equal([503, "ARCHIVER_L1_EVENTS_MISSING"]);
      say.synced = true;
      expect(await ready()).to.deep.equal([200, undefined]);
    }));

  for (const enabled of ["true", "false"])
    it(`shows browsers the node's page, unless told not to: ${enabled}`, () =>
      serving({}, { DASHBOARD_ENABLED: enabled }, async url => {
        const [page, state] = await Promise.all([fetch(url), fetch(`${url}/ui/snapshot`)]);
        expect([page.status, state.status]).to.deep.equal(enabled === "true" ? [200, 200] : [404, 404]);
        if (enabled === "true") expect(await state.json()).to.deep.include({ v: 1, slots: [] });
      }));

  for (const env of [{}, { PROVER_BROKER_TOKEN: "a-secret-of-the-network" }]) {
    const shared = "PROVER_BROKER_TOKEN" in env;
    it(`gives its broker's jobs to ${shared ? "those that show its token" : "nobody without a token"}`, () => {
      const taken: string[] = [];
      const queue = { take: async (agent: string) => (taken.push(agent), null) };
      return serving({ prover: { proverNode: {}, queue } }, env, async url => {
        const take = (agent: string, token?: string) =>
          createRpcClient(brokerMethods, url, token === undefined ? {} : { token })
            .take(agent, [])
            .catch((error: { code?: string }) => error.code);
        expect(await take("stranger")).to.equal(RpcErrorCode.UNAUTHORIZED);
        expect(await take("guessing", "another-secret")).to.equal(RpcErrorCode.UNAUTHORIZED);
        expect(await take("agent", "a-secret-of-the-network")).to.equal(shared ? null : RpcErrorCode.UNAUTHORIZED);
        expect(taken).to.deep.equal(shared ? ["agent"] : []);
      });
    });
  }
});
