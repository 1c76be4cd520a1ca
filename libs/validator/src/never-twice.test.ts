import { type EthAddress, Field } from "@sprtn/primitives";
import { buildBlock } from "@sprtn/state-transition";
import { FakeChain, FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { ProposalNetwork } from "./test/proposal-network.js";

describe("INV-6", () => {
  it("an honest validator attests one header a slot, whatever is proposed and however often it restarts", async () => {
    const network = new ProposalNetwork();
    const { fixture } = network;
    const variants = [1, 2, 3].map(n =>
      buildBlock(
        { fork: fixture.state.fork(), lookups: fixture.lookups },
        { txs: [], messages: [] },
        { ...fixture.environment(), coinbase: `0x${`0${n}`.repeat(20)}` as EthAddress },
      ),
    );
    await network.setSlot(variants[0]!.block.header.slot);
    const step = fc.record({ variant: fc.nat(2), wrongArchive: fc.boolean(), restart: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
        const store = new FakeKvStore();
        const chain = new FakeChain(fixture);
        let node = await network.start({ store, chain });
        const signed = new Set<string>();
        for (const { variant, wrongArchive, restart } of steps) {
          if (restart) {
            await node.validator.stop();
            node.member.leave();
            node = await network.start({ store, chain });
          }
          await network.gossip(variants[variant]!, wrongArchive ? { archive: Field(1) } : {});
          for (const digest of node.key.signed) signed.add(digest);
        }
        await node.validator.stop();
        node.member.leave();
        expect(signed.size).to.be.at.most(1);
      }),
      { numRuns: 25 },
    );
  });
});
