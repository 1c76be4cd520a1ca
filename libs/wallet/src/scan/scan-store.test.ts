import { codeOf, Field, Slot } from "@sprtn/primitives";
import { FailingKvStore, FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import type { Reservation } from "./scan-state.js";
import { ScanStore } from "./scan-store.js";

const reservation = (n: number): Reservation => ({
  nullifier: Field(n),
  txHash: Field(100 + n),
  expirationSlot: Slot(9),
});

describe("a scan store whose write failed", () => {
  for (const fate of ["lost", "unsure"] as const)
    it(`holds no notes for a transaction that is not sent for that (the write is ${fate})`, async () => {
      const disk = new FakeKvStore();
      const store = await ScanStore.open(new FailingKvStore(disk, { call: "write", at: 2, fate }));
      await store.write({ reservations: [reservation(1)] });
      const failed = await store.write({ reservations: [reservation(2)] }).catch((error: unknown) => codeOf(error));
      expect(failed).to.equal("FAKE_KV_FAILED");
      await store.write({ reservations: [reservation(3)] });
      for (const each of [store, await ScanStore.open(disk)])
        expect([...each.reservations()].map(({ nullifier }) => nullifier)).to.deep.equal([1n, 3n]);
    });

  it("shows what is on disk: it may have been written all the same", async () => {
    const disk = new FakeKvStore();
    const store = await ScanStore.open(new FailingKvStore(disk, { call: "write", at: 2, fate: "unsure" }));
    await store.write({ reservations: [reservation(1), reservation(2)] });
    const failed = await store
      .write({ removedReservations: [reservation(1)] })
      .catch((error: unknown) => codeOf(error));
    expect(failed).to.equal("FAKE_KV_FAILED");
    for (const each of [store, await ScanStore.open(disk)])
      expect([...each.reservations()].map(({ nullifier }) => nullifier)).to.deep.equal([2n]);
  });
});
