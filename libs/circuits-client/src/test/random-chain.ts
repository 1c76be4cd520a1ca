import { Field, type FieldHasher } from "@sprtn/primitives";
import { CallKind, type L2Block } from "@sprtn/protocol";
import { type BlockWitness, witnessBlock } from "@sprtn/state-transition";
import { chain, ChainFixture } from "@sprtn/state-transition/chain-fixture";
import type { KeyTree } from "@sprtn/state-transition/circuits";

const accounts = [101n, 102n, 103n].map(Field);
const funds = 10n ** 12n;

/** Numbers that follow from a seed. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return limit => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/**
 * A chain of `blocks` blocks with random payments of every kind, reverts, deposits, tips and empty blocks among them.
 */
export function randomChain(hasher: FieldHasher, seed: number, blocks: number): ChainFixture {
  const below = seeded(seed);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const fixture = new ChainFixture(hasher);
  fixture.mine(
    accounts.map(account => fixture.deposit(fixture.message(account, funds), { recipient: account, amount: funds })),
  );
  for (let block = 1; block < blocks; block++) {
    const deposits = Array.from({ length: below(3) }, () => ({
      account: pick(accounts),
      amount: 1n + BigInt(below(1_000_000_000)),
    }));
    const messages = deposits.map(({ account, amount }) => ({
      account,
      amount,
      message: fixture.message(account, amount),
    }));
    const txs = messages
      .slice(below(2))
      .map(({ account, amount, message }) =>
        fixture.deposit(message, { recipient: account, amount, payer: pick(accounts) }),
      );
    const count = below(4);
    for (let i = 0; i < count; i++) {
      const kind = pick([
        CallKind.NONE,
        CallKind.TRANSFER,
        CallKind.TRANSFER,
        CallKind.SHIELD,
        CallKind.UNSHIELD,
        CallKind.WITHDRAW,
      ]);
      const debits = kind === CallKind.TRANSFER || kind === CallKind.SHIELD || kind === CallKind.WITHDRAW;
      const target =
        kind === CallKind.TRANSFER || kind === CallKind.UNSHIELD
          ? pick([...accounts, fixture.fresh()])
          : kind === CallKind.WITHDRAW
            ? Field(0xbeef)
            : Field(0);
      const amount = kind === CallKind.NONE ? 0n : below(5) === 0 ? funds ** 2n : 1n + BigInt(below(1000));
      const payer =
        kind === CallKind.NONE || kind === CallKind.UNSHIELD ? pick([Field(0), ...accounts]) : pick(accounts);
      txs.push(
        fixture.tx(
          { kind, target, amount },
          {
            ...(debits ? { sender: pick(accounts) } : {}),
            payer,
            notes: kind === CallKind.SHIELD || kind === CallKind.NONE ? below(3) : 0,
            priority: BigInt(below(3)),
          },
        ),
      );
    }
    fixture.mine(txs);
  }
  return fixture;
}

export interface WitnessedBlock {
  readonly block: L2Block;
  readonly witness: BlockWitness;
  readonly startAccumulator: Field;
}

/** Every block of a fixture with the inputs of its circuits. */
export function witnessesOf(fixture: ChainFixture, keys: KeyTree): readonly WitnessedBlock[] {
  const replay = new ChainFixture(fixture.hasher);
  const references = [replay.state.reference()];
  return fixture.blocks.slice(1).map(block => {
    const witness = witnessBlock(replay.state, {
      chain,
      keyTreeRoot: keys.root(),
      transferKey: keys.witness("transfer"),
      block,
      txs: fixture.txsOf(block),
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
    return { block, witness, startAccumulator: fixture.accumulators[block.header.number - 1]! };
  });
}
