import { SimulatedBackend, simulatedProof } from "@sprtn/circuits-client";
import { SimdFieldHasher } from "@sprtn/field-hasher";
import { type EthAddress, Field } from "@sprtn/primitives";
import type { CircuitName, Proof, ProofBackend } from "@sprtn/ports";
import {
  CallKind,
  circuitNames,
  domainOf,
  type L2Block,
  publicInputsToFields,
  type RootPublicInputs,
  type RollupParameters,
  type Tx,
} from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { chain, ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  chainDeployment,
  FakeChain,
  FakeKvStore,
  FakeTxSource,
  MemoryLogger,
  RecordingMeter,
  SeededRandom,
} from "@sprtn/testing";
import { Broker, expectedPublicInputs } from "../index.js";

const hasher = new SimdFieldHasher();
export const provingHasher = hasher;
const alice = Field(101);
const bob = Field(102);

/** The fixture's transactions carry no proofs: with what a simulated backend takes for one. */
function withProof(tx: Tx): Tx {
  return { ...tx, proof: simulatedProof("transfer", publicInputsToFields(tx.inputs)) };
}

/**
 * A chain whose first block funds alice and whose others hold so many transactions of every kind. Slots are 2, 4, 6…
 */
export class ProvingChain {
  readonly fixture = new ChainFixture(hasher);
  readonly txs = new FakeTxSource();
  readonly keys = KeyTree.simulated(hasher);

  constructor(txCounts: readonly number[] = []) {
    this.mine([
      this.fixture.deposit(this.fixture.message(alice, 10n ** 12n), { recipient: alice, amount: 10n ** 12n }),
    ]);
    for (const count of txCounts) this.mine(this.payments(count));
  }

  /** Transfer, shield with two notes, unshield, withdrawal, a transfer that reverts, and so on. */
  payments(count: number): Tx[] {
    const { fixture } = this;
    const by = { sender: alice, payer: alice, priority: 1n };
    const kinds = [
      () => fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 5n }, by),
      () => fixture.tx({ kind: CallKind.SHIELD, amount: 3n }, { ...by, notes: 2 }),
      () => fixture.tx({ kind: CallKind.UNSHIELD, target: bob, amount: 2n }, { notes: 1 }),
      () => fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: 4n }, by),
      () => fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 10n ** 20n }, by),
    ];
    return Array.from({ length: count }, (_, i) => kinds[i % kinds.length]!());
  }

  mine(txs: readonly Tx[]): L2Block {
    const { block } = this.fixture.mine(txs);
    for (const tx of txs) void this.txs.add(withProof(tx));
    return block;
  }

  deployment(parameters: Partial<RollupParameters> = {}) {
    return { ...chainDeployment(this.fixture, parameters), keyTreeRoot: this.keys.root() };
  }

  /** A node's chain with the fixture's blocks up to `height`. */
  async follower(height: number = this.fixture.tip.header.number): Promise<FakeChain> {
    const follower = new FakeChain(this.fixture);
    await follower.append(...this.fixture.blocks.slice(1, height + 1));
    return follower;
  }

  /** What L1 would build for a proof of these blocks (PROV-1). */
  publicInputs(first: number, last: number, prover: EthAddress): RootPublicInputs {
    const { blocks, accumulators } = this.fixture;
    return {
      keyTreeRoot: this.keys.root(),
      domain: domainOf(chain),
      startArchive: blocks[first - 1]!.archive,
      endArchive: blocks[last]!.archive,
      startAccumulator: accumulators[first - 1]!,
      endAccumulator: accumulators[last]!,
      prover,
    };
  }
}

/** The simulated backend, with a count of what it proved. */
export class CountingBackend implements ProofBackend {
  readonly mode = "simulated";
  readonly proven: CircuitName[] = [];
  onProve: (circuit: CircuitName) => void = () => {};
  readonly #backend = new SimulatedBackend({ hasher, clock: new ManualClock() }, { baseDelayMs: 0 });

  async prove(circuit: CircuitName, inputs: Uint8Array): Promise<Proof> {
    this.onProve(circuit);
    this.proven.push(circuit);
    return this.#backend.prove(circuit, inputs);
  }

  async verify(proof: Proof): Promise<boolean> {
    return this.#backend.verify(proof);
  }
}

const circuits = circuitNames.filter(name => name !== "transfer");

/** A broker with a backend that works through its jobs on demand. */
export async function proofQueue(store = new FakeKvStore(), clock = new ManualClock()) {
  const backend = new CountingBackend();
  const meter = new RecordingMeter();
  const broker = await Broker.open(
    {
      store,
      backend,
      expected: expectedPublicInputs(hasher),
      clock,
      random: new SeededRandom(1),
      logger: new MemoryLogger(),
      meter,
    },
    { prefix: Uint8Array.of(3), leaseMs: 1000, attempts: 1, lostLeases: 10 },
  );
  /** Proves until no job is left; the order in which the jobs were taken, by height. */
  const drain = async (): Promise<number[]> => {
    const heights: number[] = [];
    for (;;) {
      await new Promise(resolve => setImmediate(resolve));
      const job = await broker.take("a", circuits);
      if (job === null) return heights;
      heights.push(job.height);
      try {
        await broker.complete(job.id, job.lease, await backend.prove(job.circuit, job.inputs));
      } catch (error) {
        await broker.fail(job.id, job.lease, {
          code: (error as { code: string }).code,
          reason: (error as Error).message,
          retry: false,
        });
      }
    }
  };
  return { broker, backend, store, drain };
}
