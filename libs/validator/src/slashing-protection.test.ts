import { Bytes32, EthAddress, Slot, toHex } from "@sprtn/primitives";
import { hashTxList, type PayloadType } from "@sprtn/protocol";
import { fakeAddresses, FakeKvStore, FakeSigner, MemoryLogger, NetworkHub } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import {
  exportProtection,
  guardEmptyProtection,
  importProtection,
  ProtectedSigner,
  type ProtectionInterchange,
  SlashingProtection,
  ValidatorError,
  ValidatorErrorCode,
} from "./index.js";
import { ProposalNetwork } from "./test/proposal-network.js";

const [alice, bob] = fakeAddresses(2) as [EthAddress, EthAddress];
const digest = (n: number) => Bytes32(`0x${n.toString(16).padStart(64, "0")}`);
const at = (slot: number, n: number) => ({ slot: Slot(slot), digest: digest(n) });
const open = (store = new FakeKvStore()) => new SlashingProtection({ store }, { prefix: Uint8Array.of(7) });
const domain = { chainId: 31337n, rollup: EthAddress(`0x${"ab".repeat(20)}`) };

/** The code with which `work` fails; "none" if it does not. */
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );
const refused = ValidatorErrorCode.WOULD_EQUIVOCATE;

describe("SIGN-1: slashing protection", () => {
  it("lets the same payload be signed again and no other", async () => {
    const protection = open();
    await protection.record(alice, "Attestation", at(5, 1));
    await protection.record(alice, "Attestation", at(5, 1));
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(5, 2)))).to.equal(refused);
    await protection.record(alice, "Proposal", at(5, 2));
    await protection.record(bob, "Attestation", at(5, 2));
    await protection.record(alice, "Attestation", at(4, 2));
  });

  it("holds across a restart", async () => {
    const store = new FakeKvStore();
    await open(store).record(alice, "Proposal", at(5, 1));
    expect(await codeOfFailure(open(store).record(alice, "Proposal", at(5, 2)))).to.equal(refused);
    await open(store).record(alice, "Proposal", at(5, 1));
  });

  it("its form on disk: prefix, key, kind, then 0 for the watermark or 1 and the slot", async () => {
    const store = new FakeKvStore();
    await open(store).record(alice, "Proposal", at(5, 1));
    await open(store).import(alice, "Attestation", { watermark: Slot(258), records: [at(256, 2)] });
    const entries: string[][] = [];
    for await (const [key, value] of store.entries()) entries.push([toHex(key), toHex(value)]);
    const key = (kind: string, rest: string) => `0x07${alice.slice(2)}${kind}${rest}`;
    expect(entries).to.deep.equal([
      [key("00", "0100000005"), digest(1)],
      [key("01", "00"), "0x00000102"],
      [key("01", "0100000100"), digest(2)],
    ]);
  });

  it("every record is on disk before a signature leaves: written through, also an import", async () => {
    const store = new FakeKvStore();
    const options: unknown[] = [];
    const write = store.write.bind(store);
    store.write = (operations, given?: unknown) => {
      options.push(given);
      return write(operations);
    };
    await open(store).record(alice, "Proposal", at(5, 1));
    await open(store).import(alice, "Proposal", { watermark: Slot(6), records: [] });
    expect(options).to.deep.equal([{ sync: true }, { sync: true }]);
  });

  it("two at once: one of them signs", async () => {
    const store = new FakeKvStore();
    const write = store.write.bind(store);
    store.write = async operations => {
      await new Promise(resolve => setImmediate(resolve));
      await write(operations);
    };
    const protection = open(store);
    const outcomes = await Promise.all(
      [1, 2, 3].map(n => codeOfFailure(protection.record(alice, "Attestation", at(5, n)))),
    );
    expect(outcomes).to.deep.equal(["none", refused, refused]);
  });

  it("a record that cannot be written is not a record, and no signature leaves", async () => {
    const store = new FakeKvStore();
    const key = new FakeSigner(alice);
    const network = new ProposalNetwork();
    const { pool } = network.node();
    const signer = new ProtectedSigner(
      { signer: key, protection: open(store), pool, gossip: new NetworkHub().join("a") },
      { domain: network.domain, withholdAttestations: false },
    );
    const payload = { headerHash: network.fixture.tip.headerHash, archive: network.fixture.tip.archive };
    store.onWrite = () => "lost";
    expect(await codeOfFailure(signer.attest(Slot(3), payload))).to.equal("FAKE_KV_FAILED");
    expect(await codeOfFailure(signer.signProposal(Slot(3), { ...payload, txsHash: hashTxList([]) }))).to.equal(
      "FAKE_KV_FAILED",
    );
    expect(key.signed).to.deep.equal([]);
    // Whether it was written is not known: only the same payload may still be signed.
    store.onWrite = () => "unsure";
    expect(await codeOfFailure(signer.attest(Slot(4), payload))).to.equal("FAKE_KV_FAILED");
    store.onWrite = () => "done";
    expect(
      await codeOfFailure(signer.attest(Slot(4), { ...payload, archive: network.fixture.tip.header.stateHash })),
    ).to.equal(refused);
    await signer.attest(Slot(4), payload);
    expect(key.signed.length).to.equal(1);
  });

  it("two different digests for a slot never pass, whatever the order, the keys and the restarts", async () => {
    const step = fc.record({
      key: fc.constantFrom(alice, bob),
      type: fc.constantFrom<PayloadType>("Proposal", "Attestation"),
      slot: fc.nat(4),
      n: fc.nat(2),
      restart: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
        const store = new FakeKvStore();
        let protection = open(store);
        const signed = new Map<string, number>();
        for (const { key, type, slot, n, restart } of steps) {
          if (restart) protection = open(store);
          const name = `${key} ${type} ${slot}`;
          const passed = (await codeOfFailure(protection.record(key, type, at(slot, n)))) === "none";
          expect(passed).to.equal((signed.get(name) ?? n) === n);
          if (passed) signed.set(name, n);
        }
      }),
    );
  });
});

describe("SIGN-1: moving a key's history", () => {
  async function signed(): Promise<ProtectionInterchange> {
    const protection = open();
    await protection.record(alice, "Proposal", at(8, 1));
    for (const slot of [5, 9, 300]) await protection.record(alice, "Attestation", at(slot, slot));
    await protection.record(bob, "Attestation", at(7, 1));
    return exportProtection(protection, domain, [alice, bob]);
  }

  it("the file is EIP-3076's form, slots in order", async () => {
    const file = await signed();
    expect(file.metadata).to.deep.equal({ interchange_format_version: "1", chain_id: "31337", rollup: domain.rollup });
    expect(file.data[0]).to.deep.equal({
      pubkey: alice,
      signed_proposals: [{ slot: "8", signing_root: digest(1) }],
      signed_attestations: [5, 9, 300].map(slot => ({ slot: String(slot), signing_root: digest(slot) })),
    });
  });

  it("the importing node signs nothing up to the last slot signed elsewhere, but the same again", async () => {
    const protection = open();
    await importProtection(protection, domain, JSON.parse(JSON.stringify(await signed())) as ProtectionInterchange);
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(9, 1)))).to.equal(refused);
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(10, 1)))).to.equal(refused);
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(4, 1)))).to.equal(refused);
    await protection.record(alice, "Attestation", at(9, 9));
    await protection.record(alice, "Attestation", at(301, 1));
    await protection.record(alice, "Proposal", at(9, 1));
    expect(await exportProtection(open(), domain, [bob])).to.not.deep.equal(
      await exportProtection(protection, domain, [bob]),
    );
  });

  it("a node that must not sign up to a slot says so in its export, though it knows no signature", async () => {
    const protection = open();
    await protection.import(alice, "Attestation", { watermark: Slot(500), records: [] });
    await protection.record(bob, "Proposal", at(3, 3));
    const file = await exportProtection(protection, domain);
    expect(file.data.map(({ pubkey }) => pubkey)).to.have.members([alice, bob]);
    const other = open();
    await importProtection(other, domain, JSON.parse(JSON.stringify(file)) as ProtectionInterchange);
    expect(await codeOfFailure(other.record(alice, "Attestation", at(500, 1)))).to.equal(refused);
    expect(await codeOfFailure(other.record(bob, "Proposal", at(3, 1)))).to.equal(refused);
    await other.record(alice, "Attestation", at(501, 1));
    expect((await exportProtection(other, domain)).data.find(({ pubkey }) => pubkey === bob)).to.deep.equal(
      file.data.find(({ pubkey }) => pubkey === bob),
    );
  });

  it("imports add up: an older file takes nothing back", async () => {
    const protection = open();
    await protection.record(alice, "Attestation", at(400, 1));
    await importProtection(protection, domain, await signed());
    await importProtection(protection, domain, {
      ...(await signed()),
      data: [{ pubkey: alice, signed_proposals: [], signed_attestations: [{ slot: "9", signing_root: digest(77) }] }],
    });
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(9, 77)))).to.equal(refused);
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(299, 1)))).to.equal(refused);
    expect(await codeOfFailure(protection.record(alice, "Attestation", at(400, 2)))).to.equal(refused);
    expect((await protection.export(alice, "Attestation")).watermark).to.equal(300);
  });

  it("a history of nothing forbids nothing", async () => {
    const protection = open();
    await protection.import(alice, "Proposal", { watermark: undefined, records: [] });
    expect(await protection.export(alice, "Proposal")).to.deep.equal({ watermark: undefined, records: [] });
    await protection.record(alice, "Proposal", at(0, 1));
  });

  it("the last slot that there is can be signed elsewhere", async () => {
    const file = await signed();
    const last = { slot: "4294967295", signing_root: digest(1) };
    const protection = open();
    await importProtection(protection, domain, { ...file, data: [{ ...file.data[0]!, signed_proposals: [last] }] });
    const exported = await protection.export(alice, "Proposal");
    expect(exported).to.deep.equal({ watermark: 2 ** 32 - 1, records: [at(2 ** 32 - 1, 1)] });
  });

  it("another deployment's file is refused", async () => {
    const file = await signed();
    for (const other of [
      { ...domain, chainId: 1n },
      { ...domain, rollup: alice },
    ]) {
      expect(await codeOfFailure(importProtection(open(), other, file))).to.equal(
        ValidatorErrorCode.PROTECTION_FOREIGN,
      );
    }
  });

  it("what is not an export is refused whole", async () => {
    const file = await signed();
    const entry = file.data[0]!;
    const record = { slot: "5", signing_root: digest(1) };
    const corrupt: unknown[] = [
      null,
      {},
      { ...file, metadata: { ...file.metadata, interchange_format_version: "5" } },
      { ...file, metadata: { ...file.metadata, rollup: 5 } },
      { ...file, metadata: { ...file.metadata, rollup: [file.metadata.rollup] } },
      { ...file, metadata: { ...file.metadata, chain_id: 31337 } },
      { ...file, data: "x" },
      { ...file, data: [null] },
      ...[
        { ...entry, pubkey: "0x1" },
        { ...entry, signed_attestations: undefined },
        { ...entry, signed_proposals: [null] },
      ].map(each => ({ ...file, data: [entry, each] })),
      ...[
        { ...record, slot: "-1" },
        { ...record, slot: "4294967296" },
        { ...record, slot: 5 },
        { ...record, signing_root: "0x12" },
      ].map(each => ({ ...file, data: [entry, { ...entry, signed_attestations: [record, each] }] })),
    ];
    for (const each of corrupt) {
      const store = new FakeKvStore();
      expect(
        await codeOfFailure(importProtection(open(store), domain, each as ProtectionInterchange)),
        JSON.stringify(each),
      ).to.equal(ValidatorErrorCode.PROTECTION_CORRUPT);
      expect(store.writes).to.equal(0);
    }
  });

  it("a damaged record stops the key", async () => {
    const store = new FakeKvStore();
    await importProtection(open(store), domain, await signed());
    for await (const [key, value] of store.entries())
      if (value.length === 4) await store.write([{ type: "put", key, value: Uint8Array.of(1) }]);
    expect(await codeOfFailure(open(store).record(alice, "Attestation", at(1000, 1)))).to.equal(
      ValidatorErrorCode.PROTECTION_CORRUPT,
    );
    expect(new ValidatorError(refused, "x").code).to.equal("VALIDATOR_WOULD_EQUIVOCATE");
  });
});

describe("a record that is empty beside data of a former run", () => {
  const guard = (store: FakeKvStore, logger = new MemoryLogger()) =>
    guardEmptyProtection({ protection: open(store), logger }, { key: alice, currentSlot: Slot(10) });

  it("SIGN-1: the key signs nothing up to the slot after the current one, and the log says why", async () => {
    const [store, logger] = [new FakeKvStore(), new MemoryLogger()];
    expect(await guard(store, logger)).to.equal(true);
    expect(logger.lines("warn").map(line => line.fields["code"])).to.deep.equal(["VALIDATOR_PROTECTION_MISSING"]);
    const protection = open(store);
    for (const type of ["Proposal", "Attestation"] as const) {
      for (const slot of [9, 10, 11])
        expect(await codeOfFailure(protection.record(alice, type, at(slot, 1)))).to.equal(refused);
      await protection.record(alice, type, at(12, 1));
    }
  });

  it("one that holds anything is left alone", async () => {
    const [store, logger] = [new FakeKvStore(), new MemoryLogger()];
    await store.write([{ type: "put", key: Uint8Array.of(0), value: Uint8Array.of(1) }]);
    expect(await open(store).isEmpty()).to.equal(true);
    await open(store).record(bob, "Proposal", at(1, 1));
    expect(await guard(store, logger)).to.equal(false);
    await open(store).record(alice, "Attestation", at(10, 1));
    expect(logger.lines("warn")).to.deep.equal([]);
  });
});
