import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { Field, jsFieldHasher, Slot } from "@sprtn/primitives";
import { CallKind, type CircuitName, domainOf, type L2Block, SMALLEST_GAS } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import {
  type ChildProof,
  type CircuitInputs,
  decodeCircuitInputs,
  encodeCircuitInputs,
  KeyTree,
  type RollupCircuit,
  runCircuit,
} from "./circuits/index.js";
import {
  applyBlock,
  applyGenesis,
  Exclusion,
  ExclusionCode,
  perTree,
  RollupState,
  StateError,
  witnessBlock,
} from "./index.js";
import { chain, ChainFixture, gasTarget } from "./test/chain-fixture.js";

const alice = Field(101);
const bob = Field(102);
const carol = Field(103);
const million = 10n ** 12n;

/** A chain on which alice has been funded by a deposit. */
function funded(): ChainFixture {
  const fixture = new ChainFixture();
  const message = fixture.message(alice, million);
  const built = fixture.mine([fixture.deposit(message, { recipient: alice, amount: million })]);
  expect(built.excluded).to.deep.equal([]);
  return fixture;
}

const codeOfExclusion = (fixture: ChainFixture, ...args: Parameters<ChainFixture["mine"]>) =>
  fixture.mine(...args).excluded.map(({ reason }) => reason.code);

describe("executing transactions", () => {
  it("TX-3: a deposit pays for itself", () => {
    const fixture = funded();
    const [execution] = [fixture.tip.effects[0]];
    expect(fixture.state.publicBalance(alice)).to.equal(million - (execution?.fee ?? 0n));
    expect(fixture.tip.header.totalBaseFees).to.equal(execution?.fee);
  });

  it("a transfer moves, burns the base fee and tips the proposer", () => {
    const fixture = funded();
    const before = fixture.state.publicBalance(alice);
    const built = fixture.mine([
      fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 500n }, { sender: alice, payer: alice, priority: 7n }),
    ]);
    const [execution] = built.executions;
    expect(execution?.tip).to.equal(7n * (execution?.gas.l2 ?? 0n));
    expect(fixture.state.publicBalance(bob)).to.equal(500n);
    expect(fixture.state.publicBalance(Field(999))).to.equal(execution?.tip);
    expect(fixture.state.publicBalance(alice)).to.equal(before - 500n - (execution?.effect.fee ?? 0n));
  });

  it("TX-3: a call that cannot run reverts: its effects go, nullifiers and fee stay", () => {
    const fixture = funded();
    const built = fixture.mine([
      fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 5n }, { sender: carol, payer: alice }),
      fixture.tx({ kind: CallKind.SHIELD, amount: 5n }, { sender: carol, payer: alice, notes: 2 }),
      fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xeee), amount: 5n }, { sender: carol, payer: alice }),
    ]);
    for (const { effect } of built.executions) {
      expect(effect.reverted).to.equal(true);
      expect(effect.noteHashes).to.deep.equal([0n, 0n]);
      expect(effect.encryptedNotes).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
      expect(effect.l2ToL1Message).to.equal(0n);
      expect(fixture.state.nullifiers.has(effect.nullifiers[0])).to.equal(true);
      expect(effect.fee > 0n).to.equal(true);
    }
    expect(fixture.state.publicBalance(bob)).to.equal(0n);
  });

  it("fees from notes are charged in full (TX-2)", () => {
    const fixture = funded();
    const built = fixture.mine([fixture.tx({ kind: CallKind.NONE }, { notes: 2, priority: 1n })]);
    const [{ effect, burnt, tip } = { effect: undefined, burnt: 0n, tip: 0n }] = built.executions;
    expect(effect?.fee).to.equal(10_000n * 20_000n + 10_000n * 1_000n);
    expect(burnt + tip).to.equal(effect?.fee);
  });

  it("what cannot be included is left out with its code", () => {
    const fixture = funded();
    const transfer = { kind: CallKind.TRANSFER, target: bob, amount: 1n };
    const by = { sender: alice, payer: alice };
    const used = fixture.tip.effects[0]?.nullifiers[0] as Field;
    const future = fixture.message(bob, 5n);
    fixture.messages.delete(fixture.tip.header.number + 1);
    const full = fixture.environment();
    expect(
      codeOfExclusion(fixture, [
        fixture.tx(transfer, { ...by, nullifier: used }),
        fixture.tx(transfer, { ...by, payer: carol }),
        fixture.tx(transfer, { ...by, maxFee: 1n }),
        fixture.tx(transfer, { ...by, gasLimit: 100 }),
        fixture.tx(transfer, { ...by, expiration: 1 }),
        fixture.tx(transfer, { ...by, anchor: Field(5) }),
        fixture.deposit(future, { recipient: bob, amount: 5n }),
        { ...fixture.tx(transfer, by), inputs: { ...fixture.tx(transfer, by).inputs, chainId: 1n } },
      ]),
    ).to.deep.equal([
      ExclusionCode.NULLIFIER_USED,
      ExclusionCode.FEE_UNPAYABLE,
      ExclusionCode.MAX_FEE_TOO_LOW,
      ExclusionCode.GAS_LIMIT_TOO_LOW,
      ExclusionCode.EXPIRED,
      ExclusionCode.UNKNOWN_ANCHOR,
      ExclusionCode.MESSAGE_ABSENT,
      ExclusionCode.WRONG_CHAIN,
    ]);
    expect(
      codeOfExclusion(fixture, [fixture.tx(transfer, by)], {
        ...full,
        number: fixture.environment().number,
        slot: fixture.environment().slot,
        gasTarget: { ...gasTarget, l2: (SMALLEST_GAS.l2 + 1n) / 2n },
      }),
    ).to.deep.equal([ExclusionCode.BLOCK_FULL]);
    expect(new Exclusion(ExclusionCode.EXPIRED, "x").code).to.equal("TX_EXPIRED");
  });

  it("INV-4: the same nullifier twice in a block: the second stays out", () => {
    const fixture = funded();
    const nullifier = fixture.fresh();
    const tx = () =>
      fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 1n }, { sender: alice, payer: alice, nullifier });
    expect(codeOfExclusion(fixture, [tx(), tx()])).to.deep.equal([ExclusionCode.NULLIFIER_USED]);
  });

  it("INV-5: balances and burnt fees sum to what was deposited", () => {
    const accounts = [alice, bob, carol];
    const account = fc.constantFrom(...accounts);
    const plan = fc.array(
      fc.record({
        from: account,
        to: account,
        payer: account,
        amount: fc.bigInt({ min: 1n, max: million }),
        priority: fc.bigInt({ min: 0n, max: 3n }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(plan, steps => {
        const fixture = funded();
        let burnt = fixture.tip.header.totalBaseFees;
        let withdrawn = 0n;
        for (const [i, { from, to, payer, amount, priority }] of steps.entries()) {
          const kind = i % 3 === 2 ? CallKind.WITHDRAW : CallKind.TRANSFER;
          const tx = fixture.tx({ kind, target: to, amount }, { sender: from, payer, priority });
          const { block } = fixture.mine([tx]);
          burnt += block.header.totalBaseFees;
          if (kind === CallKind.WITHDRAW && block.effects[0]?.l2ToL1Message) withdrawn += amount;
        }
        expect(fixture.supply(accounts) + burnt + withdrawn).to.equal(million);
      }),
      { numRuns: 15 },
    );
  });
});

/** A chain of four blocks with every kind of call, reverts and empty blocks. */
function varied(): ChainFixture {
  const fixture = funded();
  const message = fixture.message(bob, 777_000_000n);
  fixture.message(carol, 1n);
  const by = { sender: alice, payer: alice };
  fixture.mine([
    fixture.deposit(message, { recipient: bob, amount: 777_000_000n, payer: alice }),
    fixture.tx({ kind: CallKind.TRANSFER, target: carol, amount: 9n }, { ...by, priority: 2n }),
    fixture.tx({ kind: CallKind.TRANSFER, target: carol, amount: 10n ** 20n }, { ...by, priority: 2n }),
    fixture.tx({ kind: CallKind.SHIELD, amount: 50n }, { ...by, notes: 1 }),
    fixture.tx({ kind: CallKind.UNSHIELD, target: alice, amount: 20n }, { notes: 1 }),
  ]);
  fixture.mine([]);
  fixture.mine([
    fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: 5n }, by),
    fixture.tx({ kind: CallKind.SHIELD, amount: 10n ** 20n }, { ...by, notes: 2 }),
  ]);
  return fixture;
}

describe("applying blocks", () => {
  const empty = () => new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: jsFieldHasher });
  const genesis = (fixture: ChainFixture) => ({
    genesisTime: fixture.blocks[0]!.header.timestamp,
    initialBaseFees: fixture.blocks[0]!.header.baseFees,
  });

  it("PEND-8: published effects lead to the same state as execution", () => {
    const fixture = varied();
    const state = empty();
    applyGenesis(state, genesis(fixture));
    for (const block of fixture.blocks.slice(1))
      applyBlock(state, block, fixture.messages.get(block.header.number) ?? []);
    expect(state.stateHash()).to.equal(fixture.state.stateHash());
    expect(state.archiveRoot()).to.equal(fixture.tip.archive);
  });

  it("PEND-8: a block whose effects, archive or place are wrong is refused", () => {
    const fixture = funded();
    const block = fixture.tip;
    const messages = fixture.messages.get(1) ?? [];
    const attempt = (change: Partial<L2Block>, withMessages = messages) => {
      const state = empty();
      applyGenesis(state, genesis(fixture));
      applyBlock(state.fork(), { ...block, ...change }, withMessages);
    };
    attempt({});
    expect(() => attempt({ effects: [] })).to.throw(StateError, "stateHash");
    expect(() => attempt({}, [])).to.throw(StateError, "stateHash");
    expect(() => attempt({ archive: Field(1) })).to.throw(StateError, "archive root");
    expect(() => attempt({ header: { ...block.header, lastArchive: Field(1) } })).to.throw(
      StateError,
      "block 1 does not follow block 0",
    );
    expect(() =>
      attempt(
        {},
        Array.from({ length: 17 }, () => Field(1)),
      ),
    ).to.throw(StateError, "17 messages");
  });
});

describe("circuit twins", () => {
  const keys = KeyTree.simulated(jsFieldHasher);
  const prove = <Name extends RollupCircuit>(name: Name, inputs: CircuitInputs[Name]): ChildProof => ({
    key: keys.witness(name),
    publicInputs: runCircuit(
      { hasher: jsFieldHasher, verifyChild: () => true },
      name,
      decodeCircuitInputs<CircuitInputs[Name]>(encodeCircuitInputs(inputs)),
    ),
    proof: new Uint8Array(1),
  });

  /** Folds spans as the left-filled tree does. */
  const fold = (spans: ChildProof[]): ChildProof[] => {
    if (spans.length <= 2) return spans;
    const split = 2 ** (31 - Math.clz32(spans.length - 1));
    const half = (part: ChildProof[]): ChildProof => {
      const children = fold(part);
      return children.length === 1 ? children[0]! : prove("tx-merge", { left: children[0]!, right: children[1]! });
    };
    return [half(spans.slice(0, split)), half(spans.slice(split))];
  };

  const rootNames = ["block-root-empty", "block-root-one", "block-root-two"] as const satisfies readonly CircuitName[];

  function witnesses(fixture: ChainFixture) {
    const replay = new ChainFixture();
    const references = [replay.state.reference()];
    return fixture.blocks.slice(1).map(block => {
      const txs = fixture.txsOf(block);
      const witness = witnessBlock(replay.state, {
        chain,
        keyTreeRoot: keys.root(),
        transferKey: keys.witness("transfer"),
        block,
        txs,
        messages: fixture.messages.get(block.header.number) ?? [],
        opening: number => ({
          headerHash: fixture.blocks[number]!.headerHash,
          state: references[number]!,
          number,
          slot: fixture.blocks[number]!.header.slot,
        }),
        anchorBlock: root => fixture.noteRoots.get(root)!,
        messageIndex: message => fixture.messageIndices.get(message)!,
      });
      references.push(replay.state.reference());
      return { block, witness };
    });
  }

  it("prove a whole chain: the root binds both ends", () => {
    const fixture = varied();
    const ranges = witnesses(fixture).map(({ block, witness }) => {
      const children = fold(witness.bases.map(base => prove("tx-base", base)));
      const startAccumulator = fixture.accumulators[block.header.number - 1]!;
      return prove(rootNames[children.length as 0 | 1 | 2], { ...witness.root, children, startAccumulator });
    });
    expect(ranges.length).to.equal(4);
    const merged = prove("block-merge", {
      left: prove("block-merge", { left: ranges[0]!, right: ranges[1]! }),
      right: ranges[2]!,
    });
    const root = prove("root-two", { children: [merged, ranges[3]!], prover: fixture.tip.header.coinbase });
    expect(root.publicInputs).to.deep.equal([
      keys.root(),
      domainOf(chain),
      fixture.blocks[0]!.archive,
      fixture.tip.archive,
      fixture.accumulators[0],
      fixture.accumulators.at(-1),
      BigInt(fixture.tip.header.coinbase),
    ]);
    const single = prove("root-one", { children: [ranges[0]!], prover: fixture.tip.header.coinbase });
    expect(single.publicInputs[3]).to.equal(fixture.blocks[1]!.archive);
  });

  it("each constraint breaks when its field changes", () => {
    const fixture = varied();
    const [, second] = witnesses(fixture);
    const { bases, root } = second!.witness;
    const base = bases[1]!;
    const reverted = bases[2]!;
    const run =
      (change: object, from: object = base) =>
      () =>
        runCircuit({ hasher: jsFieldHasher, verifyChild: () => true }, "tx-base", {
          ...from,
          ...change,
        } as CircuitInputs["tx-base"]);
    const withInput = (index: number, value: bigint) => ({
      transfer: { ...base.transfer, publicInputs: base.transfer.publicInputs.with(index, Field(value)) },
    });
    run({})();
    expect(run(withInput(0, 1n))).to.throw("another chain");
    expect(run(withInput(3, 0n))).to.throw("expired");
    expect(run(withInput(2, 5n))).to.throw("anchor root");
    expect(run({ anchor: { ...base.anchor, number: base.anchor.number + 1 } })).to.throw(
      "anchor block is not in the archive",
    );
    expect(run({ encryptedNotes: [1n, 0n, 0n, 0n, 0n, 0n] })).to.throw("encrypted notes");
    expect(run(withInput(16, 1n))).to.throw("gas limit");
    expect(run(withInput(20, 1n))).to.throw("max fee");
    expect(run({ writeSteps: base.writeSteps.slice(1) })).to.throw();
    expect(run({ writeSteps: [...base.writeSteps, base.writeSteps[0]] })).to.throw("more write witnesses");
    expect(run({ nullifierSteps: [base.nullifierSteps[1], base.nullifierSteps[0]] })).to.throw(
      "low leaf is not in the tree",
    );
    expect(run(withInput(4, bases[0]!.transfer.publicInputs[4]!))).to.throw("low leaf is not below the key");
    expect(run({ notePath: base.notePath.with(3, Field(9)) })).to.throw("note hashes's place");
    expect(run({ constants: { ...base.constants, messageRoot: Field(3) } }, bases[0])).to.throw("message is not in");
    expect(run({ revert: null }, reverted)).to.throw();
    expect(run({ revert: reverted.revert })).to.throw();
    expect(run({ transfer: { ...base.transfer, key: keys.witness("tx-base") } })).to.throw(
      "not allowed in this position",
    );
    expect(run({ transfer: { ...base.transfer, key: { ...keys.witness("transfer"), keyHash: Field(1) } } })).to.throw(
      "not in the key tree",
    );
    expect(() => runCircuit({ hasher: jsFieldHasher, verifyChild: () => false }, "tx-base", base)).to.throw(
      "does not verify",
    );
    expect(() =>
      runCircuit({ hasher: jsFieldHasher, verifyChild: () => true }, "tx-base", {} as CircuitInputs["tx-base"]),
    ).to.throw("not inputs of tx-base");

    const spans = fold(bases.map(each => prove("tx-base", each)));
    const inputs = { ...root, children: spans, startAccumulator: fixture.accumulators[1]! };
    const runRoot = (change: object) => () =>
      runCircuit({ hasher: jsFieldHasher, verifyChild: () => true }, "block-root-two", { ...inputs, ...change });
    const header = (change: object) => ({ header: { ...inputs.header, ...change } });
    runRoot({})();
    expect(runRoot(header({ number: 9 }))).to.throw("block number");
    expect(runRoot(header({ slot: Slot(1) }))).to.throw("slot is not after");
    expect(runRoot(header({ inHash: Field(1) }))).to.throw("inHash");
    expect(runRoot(header({ daHash: Field(1) }))).to.throw("daHash");
    expect(runRoot(header({ outHash: Field(1) }))).to.throw("outHash");
    expect(runRoot(header({ totalBaseFees: 1n }))).to.throw("totalBaseFees");
    expect(runRoot(header({ totalL2Gas: 1n }))).to.throw("total gas");
    expect(runRoot(header({ txCount: 1 }))).to.throw("txCount");
    expect(runRoot(header({ stateHash: Field(1) }))).to.throw("stateHash");
    expect(runRoot(header({ feeRecipient: Field(1) }))).to.throw("another block");
    expect(runRoot(header({ lastArchive: Field(1) }))).to.throw("previous block is not");
    expect(runRoot({ messages: inputs.messages.with(0, Field(0)) })).to.throw("gap");
    expect(runRoot({ messages: inputs.messages.slice(0, 15) })).to.throw("16 message leaves");
    expect(runRoot({ messages: [...inputs.messages, Field(0)] })).to.throw("16 message leaves");
    expect(runRoot({ messagePath: inputs.messagePath.with(0, Field(1)) })).to.throw("message subtree");
    expect(runRoot({ archivePath: inputs.archivePath.with(0, Field(1)) })).to.throw("archive leaf");
    expect(runRoot({ children: [spans[1], spans[0]] })).to.throw("does not start where");
    expect(runRoot({ children: [spans[0]] })).to.throw("wrong number of children");
  });

  it("inputs that are not an encoding are refused", () => {
    expect(() => decodeCircuitInputs(Uint8Array.of(1, 2))).to.throw("cannot be decoded");
    expect(() => decodeCircuitInputs(new TextEncoder().encode('{"a":"?"}'))).to.throw("unknown kind");
    expect(gasTarget.l2).to.equal(200_000n);
  });
});
