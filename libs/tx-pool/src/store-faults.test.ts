import { Slot } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import type { Tx } from "@sprtn/protocol";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { buildTx, defaults, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";
import { TxPool } from "./tx-pool.js";
import { TxPoolError, TxPoolErrorCode } from "./tx-pool-error.js";

const stays = buildTx();
const replaced = buildTx();
const replacing = buildTx({ nullifiers: replaced.inputs.nullifiers, tip: 50n });
const mined = buildTx();
const pruned = buildTx();
const expires = buildTx({ expirationSlot: Slot(1) });
const spent = buildTx();
const all = { stays, replaced, replacing, mined, pruned, expires, spent };

storeFaultCompliance("TxPool", () => {
  let fixture: PoolFixture | undefined;
  let pool: TxPool;
  const chain = () => (fixture as PoolFixture).chain;
  const tick = async () => (fixture as PoolFixture).clock.advance(10_000);
  /** As a client: what the node could not store is sent again. */
  const send = (tx: Tx) => async () => {
    const admission = await pool.add(tx, "local");
    if (!admission.accepted && admission.code === TxRefusalCode.STORE_FAILED)
      throw new TxPoolError(TxPoolErrorCode.NOT_STARTED, "send it again", {});
  };
  /** What the chain does, it does once, whatever becomes of the node. */
  const once = (what: () => Promise<unknown>) => {
    let done = false;
    return async () => {
      if (done) return;
      done = true;
      await what();
    };
  };
  return {
    open: async (store: KvStore) => {
      if (fixture === undefined) {
        fixture = await PoolFixture.start();
        await fixture.pool.stop();
      }
      pool = new TxPool({ ...fixture, store, states: fixture.chain, blocks: fixture.chain }, defaults);
      await pool.start(new AbortController().signal);
    },
    steps: [
      send(stays),
      send(replaced),
      tick,
      send(replacing),
      send(mined),
      send(pruned),
      send(expires),
      send(spent),
      once(async () => chain().add([mined, buildTx({ nullifiers: spent.inputs.nullifiers })])),
      once(async () => chain().add([pruned])),
      tick,
      once(async () => chain().remove(1)),
      tick,
      tick,
      once(async () => chain().add([])),
      once(async () => chain().finalize(1)),
      tick,
    ],
    view: async () => ({
      stages: Object.fromEntries(
        Object.entries(all).map(([name, tx]) => {
          const stage = pool.stageOf(tx.hash);
          return [name, stage?.stage === "dropped" ? stage.code : stage && "here"];
        }),
      ),
      pending: pool
        .pending(100)
        .map(({ hash }) => Object.values(all).findIndex(tx => tx.hash === hash))
        .toSorted(),
    }),
    close: () => pool.stop(),
  };
});
