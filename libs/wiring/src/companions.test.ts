import { jsFieldHasher } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { buildDeployment, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { openCompanions } from "./companions.js";
import type { CreatedNode } from "./create-node.js";
import type { ProcessResources } from "./process-resources.js";
import type { Unready } from "./readiness.js";
import { testSettings } from "./test/test-settings.js";

describe("a node's RPC", () => {
  it("says by GET /ready whether the node follows L1, and if not what keeps it", async () => {
    const say: { synced: boolean; trouble?: Unready | undefined } = { synced: false };
    const archiver = { subscribe: () => () => {}, synced: () => say.synced, trouble: () => say.trouble };
    const options = { name: "node", version: "0", settings: testSettings(), deployment: buildDeployment() };
    const node = { options, parts: { chain: { archiver }, nodeService: {} } } as unknown as CreatedNode;
    const process = { clock: new ManualClock(), logger: new MemoryLogger(), hasher: jsFieldHasher };
    const metrics = Object.assign(new RecordingMeter(), { metricsText: async () => "" });
    const { rpc, close } = await openCompanions(
      { process: process as unknown as ProcessResources, node, metrics },
      { bot: undefined },
    );
    await rpc.start();
    try {
      const ready = async () => {
        const answer = await fetch(`${rpc.url}/ready`);
        const { code } = (await answer.json()) as { readonly code?: string };
        return [answer.status, code];
      };
      expect(await ready()).to.deep.equal([503, "NODE_NOT_SYNCED"]);
      say.trouble = { code: "ARCHIVER_L1_EVENTS_MISSING", reason: "use another endpoint" };
      expect(await ready()).to.deep.equal([503, "ARCHIVER_L1_EVENTS_MISSING"]);
      say.synced = true;
      expect(await ready()).to.deep.equal([200, undefined]);
    } finally {
      await rpc.stop();
      await close();
    }
  });
});
