import { expect } from "chai";
import { requireBrokerToken } from "./require-broker-token.js";
import type { Role } from "./roles.js";
import { testSettings } from "./test/test-settings.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

describe("a prover node's secret for its agents", () => {
  const refusal = (env: Readonly<Record<string, string>>, roles: readonly Role[] = ["node", "prover-node"]) => {
    try {
      requireBrokerToken(new Set(roles), testSettings(env));
      return undefined;
    } catch (error) {
      return (error as WiringError).code;
    }
  };
  const PROVER_BROKER_TOKEN = "0123456789abcdef";

  it("is wanted where others reach its RPC", () => {
    for (const RPC_HOST of ["0.0.0.0", "::", "10.0.0.1", "prover.example"]) {
      expect(refusal({ RPC_HOST }), RPC_HOST).to.equal(WiringErrorCode.BROKER_TOKEN_MISSING);
      expect(refusal({ RPC_HOST, PROVER_BROKER_TOKEN }), RPC_HOST).to.equal(undefined);
      expect(refusal({ RPC_HOST }, ["node", "sequencer"]), RPC_HOST).to.equal(undefined);
    }
    for (const RPC_HOST of ["127.0.0.1", "localhost", "::1"]) expect(refusal({ RPC_HOST })).to.equal(undefined);
  });

  it("is wanted where all of its agents are elsewhere", () => {
    const PROVER_AGENT_ENABLED = "false";
    expect(refusal({ PROVER_AGENT_ENABLED })).to.equal(WiringErrorCode.BROKER_TOKEN_MISSING);
    expect(refusal({ PROVER_AGENT_ENABLED, PROVER_BROKER_TOKEN })).to.equal(undefined);
    expect(refusal({ PROVER_AGENT_ENABLED, PROVER_QUEUE_URL: "redis://127.0.0.1:6379" })).to.equal(undefined);
  });

  it("is long enough, fits a header, and is never shown", () => {
    for (const bad of ["short", "with a space inside it", "x".repeat(201)])
      expect(() => testSettings({ PROVER_BROKER_TOKEN: bad })).to.throw("PROVER_BROKER_TOKEN");
    expect(JSON.stringify(testSettings({ PROVER_BROKER_TOKEN }).queue)).to.not.contain(PROVER_BROKER_TOKEN);
  });
});
