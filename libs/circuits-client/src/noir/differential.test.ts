import { EthAddress, Field } from "@sprtn/primitives";
import { CallKind, constants, encodeTransferWitness } from "@sprtn/protocol";
import { type ChildProof, KeyTree, type SingleBlock, type TxBaseInputs } from "@sprtn/state-transition/circuits";
import {
  absent,
  addressOf,
  dummyInput,
  friend,
  maxFee,
  output,
  owner,
  realInputs,
  witnesses,
} from "@sprtn/state-transition/transfer-fixture";
import { expect } from "chai";
import { SimdFieldHasher } from "@sprtn/field-hasher/simd";
import { NoirTwin } from "../test/noir-twin.js";
import { randomChain, seeded, type WitnessedBlock, witnessesOf } from "../test/random-chain.js";

const CHAINS = 25;
const BLOCKS = 8;

const hasher = new SimdFieldHasher();
const keys = new KeyTree(hasher, KeyTree.simulated(hasher).keyHashes);
const twin = new NoirTwin(hasher, keys);
const prover = EthAddress(`0x${"aa".repeat(20)}`);

const withProof = (base: TxBaseInputs): TxBaseInputs => ({
  ...base,
  transfer: twin.child("transfer", base.transfer.publicInputs),
});
const messagesOf = ({ witness }: WitnessedBlock): number =>
  witness.root.messages.filter(message => message !== 0n).length;

describe("Noir and TypeScript agree", () => {
  it("on transfers of every kind and random amounts", async () => {
    const below = seeded(7);
    for (const witness of Object.values(witnesses)) await twin.run("transfer", encodeTransferWitness(witness));
    for (let i = 0; i < 12; i++) {
      const first = BigInt(below(1_400_000 - Number(maxFee)));
      const note = {
        ...witnesses[CallKind.NONE],
        outputs: [
          output(first),
          below(2) === 0 ? output(1_500_000n - maxFee - first) : { ...absent, value: 0n },
        ] as const,
      };
      await twin.run("transfer", encodeTransferWitness(note));
      const paidByFriend = {
        ...witnesses[CallKind.UNSHIELD],
        inputs: [realInputs[below(2)]!, dummyInput(below(1000))] as const,
      };
      await twin.run("transfer", encodeTransferWitness(paidByFriend));
      await twin.run(
        "transfer",
        encodeTransferWitness({
          ...witnesses[CallKind.TRANSFER],
          call: {
            kind: CallKind.TRANSFER,
            target: addressOf([owner, friend][below(2)]!),
            amount: 1n + BigInt(below(2 ** 31)),
            message: Field(0),
          },
        }),
      );
    }
  });

  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  for (let seed = 1; seed <= CHAINS; seed++) {
    it(
      `on ${BLOCKS} random blocks, chain ${seed} of ${CHAINS}: bases, merges, block roots of every form, ` +
        "block merges, roots",
      async () => {
        const ranges: ChildProof[] = [];
        let lastSingle: SingleBlock | undefined;
        for (const each of witnessesOf(randomChain(hasher, seed, BLOCKS), keys)) {
          const { witness, startAccumulator } = each;
          const bases = witness.bases.map(withProof);
          const spans: ChildProof[] = [];
          for (const base of bases) spans.push(await twin.prove("tx-base", base));
          const children = await twin.fold(spans);
          const name = (["block-root-empty", "block-root-one", "block-root-two"] as const)[
            children.length as 0 | 1 | 2
          ];
          const root = { ...witness.root, startAccumulator };
          ranges.push(await twin.prove(name, { ...root, children }));
          count(name);
          const single =
            bases.length === 1 && messagesOf(each) <= constants.MESSAGES_OF_SINGLE_BLOCK
              ? { base: bases[0]!, root }
              : undefined;
          if (single !== undefined) {
            expect((await twin.prove("block-root-single", { blocks: [single] })).publicInputs).to.deep.equal(
              ranges.at(-1)!.publicInputs,
            );
            count("block-root-single");
          }
          if (single !== undefined && lastSingle !== undefined) {
            const pair = await twin.prove("block-root-pair", { blocks: [lastSingle, single] });
            expect(pair.publicInputs).to.deep.equal(
              (await twin.prove("block-merge", { left: ranges.at(-2)!, right: ranges.at(-1)! })).publicInputs,
            );
            count("block-root-pair");
          }
          lastSingle = single;
        }
        await twin.prove("root-two", { children: ranges.slice(-2), prover });
        await twin.prove("root-one", { children: ranges.slice(-1), prover });
      },
    );
  }

  it("and every form of a block root was among them", () => {
    for (const name of ["block-root-empty", "block-root-one", "block-root-two", "block-root-single", "block-root-pair"])
      expect(seen.get(name), name).to.be.greaterThan(0);
  });
});
