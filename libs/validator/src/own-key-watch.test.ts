import type { EthAddress, Slot } from "@sprtn/primitives";
import { Field } from "@sprtn/primitives";
import { encodeAttestation, payloadDigest, payloadOf } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeSigner } from "@sprtn/testing";
import { expect } from "chai";
import { ValidatorErrorCode } from "./index.js";
import { ProposalNetwork } from "./test/proposal-network.js";

function makeChain() {
  const fixture = new ChainFixture();
  return { fixture, first: fixture.mine([]), built: fixture.mine([]) };
}

const shared = makeChain();

/** A node that holds the key of the proposer of slot 4, started in slot 2. */
async function setUp() {
  const network = new ProposalNetwork(shared.fixture);
  const { built } = shared;
  const { slot } = built.block.header;
  await network.setSlot(slot - 2);
  const address = (await network.committees.proposerAt(slot)) as EthAddress;
  const node = await network.start({ address });
  await node.chain.append(shared.first.block);
  await network.setSlot(slot);
  const attest = async (by: EthAddress, at: Slot, headerHash = Field(1)) => {
    const payload = { slot: at, headerHash, archive: Field(2) };
    const signature = new FakeSigner(by).sign(payloadDigest(network.domain, "Attestation", payload));
    await network.outsider.publish("block_attestation", encodeAttestation({ ...payload, signature }));
    await network.settle();
  };
  const errors = () => node.logger.lines("error").map(({ fields }) => fields["type"]);
  const counted = (type: string) => node.meter.value("sprtn_validator_foreign_signatures_total", { type }) ?? 0;
  return { network, node, address, built, slot, attest, errors, counted };
}

describe("the own key at work elsewhere (SIGN-1)", () => {
  it("an attestation that was not signed here is an error, is counted, and makes the node unready", async () => {
    const { node, address, slot, attest, errors, counted } = await setUp();
    expect(node.ownKey.alarm()).to.equal(undefined);
    await attest(address, slot);
    expect(errors()).to.deep.equal(["Attestation"]);
    expect(counted("Attestation")).to.equal(1);
    expect(node.ownKey.alarm()).to.include({ code: ValidatorErrorCode.KEY_USED_ELSEWHERE });
    expect(node.ownKey.alarm()?.reason).to.contain("slashed");
  });

  it("so is a proposal", async () => {
    const { network, node, built, errors, counted } = await setUp();
    await network.gossip(built);
    expect(errors()).to.deep.equal(["Proposal"]);
    expect(counted("Proposal")).to.equal(1);
    expect(node.ownKey.alarm()?.code).to.equal(ValidatorErrorCode.KEY_USED_ELSEWHERE);
  });

  it("what was signed here and comes back, and others' messages, are none", async () => {
    const { network, node, built, slot, attest, errors } = await setUp();
    const attestation = await node.signer.attest(slot, payloadOf(built.block));
    await network.outsider.publish("block_attestation", encodeAttestation(attestation));
    for (const other of network.addresses.filter(member => member !== node.key.address)) await attest(other, slot);
    await network.settle();
    expect(errors()).to.deep.equal([]);
    expect(node.ownKey.alarm()).to.equal(undefined);
  });

  it("nor is what an earlier life of this node may have signed, whose record is lost", async () => {
    const { node, address, slot, attest, errors } = await setUp();
    await attest(address, (slot - 2) as Slot);
    expect(errors()).to.deep.equal([]);
    await attest(address, (slot - 1) as Slot);
    expect(errors()).to.deep.equal(["Attestation"]);
    expect(node.ownKey.alarm()?.code).to.equal(ValidatorErrorCode.KEY_USED_ELSEWHERE);
  });

  it("a record that cannot be read is not an alarm, and costs the message nothing", async () => {
    const { node, address, slot, attest, errors } = await setUp();
    node.store.get = () => {
      throw new RangeError("the disk is gone");
    };
    await attest(address, slot);
    expect([errors(), node.ownKey.alarm()]).to.deep.equal([[], undefined]);
    expect([...node.member.refusals]).to.deep.equal([]);
    expect(node.pool.attestationsOf(slot, { headerHash: Field(1), archive: Field(2) }).size).to.equal(1);
  });

  it("messages that nobody signed with the key make no alarm", async () => {
    const { network, node, address, slot, errors } = await setUp();
    const forged = { slot, headerHash: Field(1), archive: Field(2), signature: new Uint8Array(64).fill(3) };
    await network.outsider.publish("block_attestation", encodeAttestation(forged));
    await network.settle();
    expect([errors(), node.ownKey.alarm(), address === node.key.address]).to.deep.equal([[], undefined, true]);
  });
});
