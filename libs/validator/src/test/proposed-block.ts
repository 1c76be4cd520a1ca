import type { BuiltBlock } from "@sprtn/state-transition";
import { Field } from "@sprtn/primitives";
import { CallKind, type RollupParameters, type Tx } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { type NodeOptions, ProposalNetwork } from "./proposal-network.js";

export const alice = Field(101);
export const bob = Field(102);
export const funds = 10n ** 12n;

/** A chain of two blocks and the network that will judge the second. */
export interface SetUp {
  readonly network: ProposalNetwork;
  /** On the validator's chain. */
  readonly first: BuiltBlock;
  /** The one to be proposed, of two transactions; not on the validator's chain. */
  readonly built: BuiltBlock;
  readonly txs: readonly Tx[];
}

/** Block 1 funds alice; block 2 is what is proposed, in slot 4. */
export function makeChain() {
  const fixture = new ChainFixture();
  const first = fixture.mine([fixture.deposit(fixture.message(alice, funds), { recipient: alice, amount: funds })]);
  const by = { sender: alice, payer: alice, priority: 1n };
  const txs = [
    fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 5n }, by),
    fixture.tx({ kind: CallKind.WITHDRAW, target: Field(9), amount: 7n }, by),
  ];
  return { fixture, first, built: fixture.mine(txs), txs };
}

const shared = makeChain();

/** @param chain one's own for a test that mines more */
export async function setUp(chain = shared, parameters: Partial<RollupParameters> = {}): Promise<SetUp> {
  const network = new ProposalNetwork(chain.fixture, parameters);
  await network.setSlot(chain.built.block.header.slot);
  return { ...chain, network };
}

/** A node that has block 1 and the transactions. */
export async function follower({ network, first, txs }: SetUp, options: NodeOptions = {}) {
  const node = await network.start(options);
  if (options.chain === undefined) await node.chain.append(first.block);
  for (const tx of txs) await node.txs.add(tx);
  return node;
}
