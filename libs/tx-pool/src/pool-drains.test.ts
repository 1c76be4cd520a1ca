import { Field } from "@sprtn/primitives";
import { CallKind, constants, type Tx } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { buildBlock, prospectOf } from "@sprtn/state-transition";
import { chain as identity, ChainFixture, gasTarget } from "@sprtn/state-transition/chain-fixture";
import { FakeChain, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { FakeGossip, FakeMeter, FakeProofs, FakeRequests, FakeStore } from "./fake-ports.test.js";
import { defaults } from "./pool-fixture.test.js";
import { TxPool } from "./tx-pool.js";

const [alice, whale, second, bob, broke] = [Field(101), Field(102), Field(103), Field(104), Field(105)];
const accounts = [alice, whale, second, bob, broke];
const MOST = 2n ** 128n - 1n;
const EXPIRES = 60;
const PROOF = new Uint8Array(constants.CLIENT_PROOF_BYTES).fill(7);

const account = fc.constantFrom(...accounts);
/** What a transaction pays, of what its sender and its target hold: at and around what makes it fit. */
const amount = fc.constantFrom("one", "all", "more", "fills", "overflows");
const plan = fc.record({
  kind: fc.constantFrom(CallKind.TRANSFER, CallKind.UNSHIELD, CallKind.WITHDRAW, CallKind.NONE, CallKind.DEPOSIT),
  sender: account,
  target: account,
  payer: fc.constantFrom(alice, alice, whale, broke),
  amount,
  priority: fc.bigInt({ min: 0n, max: 50n }),
  maxFee: fc.constantFrom(10_000n, 10_000n, 101n),
  conflicts: fc.boolean(),
  teardown: fc.constantFrom(0, 0, 0, 380_000),
});
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

/** A chain with two accounts that together hold more than fits in one, followed by a pool. */
async function start() {
  const fixture = new ChainFixture();
  const fund = (to: Field, wei: bigint) => fixture.deposit(fixture.message(to, wei), { recipient: to, amount: wei });
  fixture.mine([fund(alice, 10n ** 15n), fund(whale, MOST), fund(second, MOST)]);
  const chain = new FakeChain(fixture);
  await chain.follow();
  const { genesisTime, slotDuration } = { genesisTime: 1_000, slotDuration: 8 };
  const clock = new ManualClock(1000 * (genesisTime + slotDuration * fixture.tip.header.slot));
  const parameters = { ...defaults.parameters, slotDuration: slotDuration as typeof defaults.parameters.slotDuration };
  const pool = new TxPool(
    {
      states: chain,
      blocks: chain,
      gossip: new FakeGossip(),
      requests: new FakeRequests(),
      proofs: new FakeProofs(),
      store: new FakeStore(),
      hasher: fixture.state.hasher,
      clock,
      logger: new MemoryLogger(),
      meter: new FakeMeter(),
    },
    { ...defaults, chain: identity, parameters: { ...parameters, gasTarget } },
  );
  await pool.start(new AbortController().signal);
  return { fixture, chain, clock, pool };
}

function make(fixture: ChainFixture, { kind, sender, target, payer, priority, maxFee, teardown, ...rest }: Plan): Tx {
  const held = fixture.state.publicBalance(sender);
  const room = MOST - fixture.state.publicBalance(target);
  const wei = { one: 1n, all: held, more: held + 1n, fills: room, overflows: room + 1n }[rest.amount];
  const value = wei <= 0n ? 1n : wei > MOST ? MOST : wei;
  const nullifier = rest.conflicts ? { nullifier: Field(7_777) } : {};
  const options = { payer, priority, maxFee, expiration: EXPIRES, teardown, ...nullifier };
  if (kind === CallKind.NONE) return fixture.tx({ kind }, { ...options, notes: 1 });
  if (kind === CallKind.DEPOSIT) {
    // Of a subtree that is not consumed yet, and never is in this test.
    const message = fixture.message(target, value);
    fixture.messages.delete(fixture.tip.header.number + 1);
    return fixture.tx({ kind, target, amount: value, message: message.hash }, options);
  }
  const by = kind === CallKind.UNSHIELD ? {} : { sender };
  return fixture.tx(
    { kind, target: kind === CallKind.WITHDRAW ? Field(0xbeef) : target, amount: value },
    { ...options, ...by },
  );
}

describe("a pool and a builder", () => {
  it("whatever is in it: the best that can be included is, what cannot be leaves, nothing stays for ever", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 10 }), async plans => {
        const { fixture, chain, clock, pool } = await start();
        for (const each of plans) await pool.add({ ...make(fixture, each), proof: PROOF }, "gossip");
        const build = (txs: readonly Tx[]) =>
          buildBlock(
            { fork: fixture.state.fork(), lookups: fixture.lookups },
            { txs, messages: [] },
            { ...fixture.environment(), maxTxs: 2 },
          );
        for (;;) {
          const candidates = pool.pending(1_000);
          const best = candidates.find(tx => build([tx]).txs.length === 1);
          const built = build(candidates);
          expect(built.txs[0]?.hash).to.equal(best?.hash);
          pool.reportLeftOut(built.excluded);
          if (best === undefined) break;
          fixture.mine(built.txs);
          await chain.follow();
          await clock.advance(16_000);
        }
        for (const tx of pool.pending(1_000)) {
          const [excluded] = build([tx]).excluded;
          expect(prospectOf(excluded!.reason.code), excluded!.reason.code).to.equal("may-heal");
        }
        await clock.advance(8_000 * (EXPIRES + 2));
        expect(pool.pending(1_000)).to.deep.equal([]);
        expect(pool.pendingCount()).to.equal(0);
        await pool.stop();
      }),
      { numRuns: 15 },
    );
  });
});
