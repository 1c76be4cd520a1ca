import { expect } from "chai";
import { LoadPayment } from "./load-payment.js";

describe("LoadPayment", () => {
  let heard: string[];
  const made = (atMs = 0) =>
    new LoadPayment({ atMs, kind: "private", account: 0 }, 1_000, (payment, stage, at) =>
      heard.push(`${payment.arrival.kind} ${stage} ${at}`),
    );
  beforeEach(() => (heard = []));

  it("tells each stage when it is reached for the first time", () => {
    const payment = made();
    payment.left(1_001);
    payment.accepted(1_060);
    payment.onStage("pending", 5_000, false);
    payment.onStage("pending", 6_000, false);
    payment.onStage("proven", 9_000, false);
    expect(heard).to.deep.equal([
      "private sent 1001",
      "private accepted 1060",
      "private pending 5000",
      "private proven 9000",
    ]);
    expect([payment.isSent, payment.sentAt]).to.deep.equal([true, 1_001]);
  });

  it("is on no chain while its block is removed, and its first moment stays", () => {
    const payment = made();
    payment.onStage("pending", 5_000, true);
    payment.onStage("proven", 6_000, true);
    payment.onRemoved();
    expect([payment.isOn("pending"), payment.isOn("proven")]).to.deep.equal([false, false]);
    payment.onStage("pending", 9_000, false);
    expect([payment.isOn("pending"), payment.isOn("proven"), payment.reverted]).to.deep.equal([true, false, false]);
    expect(heard).to.deep.equal(["private pending 5000", "private proven 6000"]);
  });

  it("has not failed once it is in a block", () => {
    const payment = made();
    payment.failure = { what: "refused", code: "RPC_UNREACHABLE" };
    payment.onStage("pending", 5_000, false);
    expect(payment.failure).to.equal(undefined);
  });

  it("warms up before the first moment that counts", () => {
    expect([made(-1).isWarmup, made(0).isWarmup]).to.deep.equal([true, false]);
  });
});
