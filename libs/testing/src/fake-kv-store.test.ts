import { expect } from "chai";
import { kvStoreCompliance } from "./compliance/index.js";
import { FakeKvStore } from "./fake-kv-store.js";

kvStoreCompliance("FakeKvStore", async () => new FakeKvStore(), "FAKE_KV_CLOSED");

describe("FakeKvStore", () => {
  for (const [fate, found] of [
    ["lost", undefined],
    ["unsure", Uint8Array.of(2)],
  ] as const) {
    it(`fails a write that is ${fate}`, async () => {
      const store = new FakeKvStore();
      store.onWrite = () => fate;
      const error = await store
        .write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(2) }])
        .catch((thrown: unknown) => thrown);
      expect(error).to.have.property("code", "FAKE_KV_FAILED");
      expect(store.get(Uint8Array.of(1))).to.deep.equal(found);
    });
  }
});
