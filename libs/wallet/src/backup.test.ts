import { CodedError, type Field } from "@sprtn/primitives";
import { FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import { aliceSeed, settings, WalletFixture } from "./test/wallet-fixture.js";
import { Wallet } from "./wallet.js";
import { WalletErrorCode } from "./wallet-error.js";

describe("backup", function () {
  const fixture = new WalletFixture();
  const { seed: _, accounts: __, ...rest } = settings(aliceSeed);
  let alice: Wallet;
  let text: string;
  let depositSecret: Field;
  before(async () => {
    alice = await fixture.aliceWithNotes([10n ** 16n, 10n ** 15n], { accounts: 2 });
    await alice.pay({ kind: "unshield", anchor: "newest", from: 0, to: 5n as Field, amount: 1n });
    depositSecret = await alice.newDepositSecret();
    text = await alice.backup("pass phrase");
  });
  const restore = (changed: string, passphrase = "pass phrase", kv = new FakeKvStore()) =>
    Wallet.restore(fixture.dependencies(kv), rest, { text: changed, passphrase });
  const refuses = async (
    changed: string,
    code: WalletErrorCode,
    given: { passphrase?: string; kv?: FakeKvStore } = {},
  ) => {
    await restore(changed, given.passphrase, given.kv).then(
      () => expect.fail(`restored, expected ${code}`),
      (error: unknown) => expect((error as CodedError).code).to.equal(code),
    );
  };
  const edit = (change: (envelope: Record<string, unknown>) => object): string =>
    JSON.stringify(change(JSON.parse(text) as Record<string, unknown>));

  it("brings keys, notes, reservations, deposit secrets and the place in the chain back", async () => {
    const again = await restore(text);
    expect(again.accounts()).to.deep.equal(alice.accounts());
    expect(again.notes(0)).to.deep.equal(alice.notes(0));
    expect(again.scannedTo()).to.equal(alice.scannedTo());
    expect(await again.balance(0)).to.deep.equal(await alice.balance(0));
    expect(await again.newDepositSecret()).not.to.equal(depositSecret);
    fixture.node.mine();
    await again.sync();
    await again.pay({ kind: "unshield", anchor: "newest", from: 0, to: 5n as Field, amount: 1n });
  });

  it("tells nothing without its passphrase", async () => {
    expect(text).not.to.contain(Buffer.from(aliceSeed).toString("hex"));
    await refuses(text, WalletErrorCode.BACKUP_PASSPHRASE, { passphrase: "pass phrasf" });
  });

  it("notices every altered part", async () => {
    await refuses(
      edit(envelope => {
        const data = String(envelope["data"]);
        return { ...envelope, data: `${data.slice(0, -1)}${data.endsWith("0") ? "1" : "0"}` };
      }),
      WalletErrorCode.BACKUP_PASSPHRASE,
    );
    await refuses(
      edit(envelope => ({ ...envelope, cipher: { name: "aes-256-gcm", nonce: `0x${"00".repeat(12)}` } })),
      WalletErrorCode.BACKUP_PASSPHRASE,
    );
    await refuses(
      edit(envelope => ({ ...envelope, kdf: { ...(envelope["kdf"] as object), salt: `0x${"00".repeat(32)}` } })),
      WalletErrorCode.BACKUP_PASSPHRASE,
    );
  });

  it("refuses what is not a backup, another version, and costs that are none of ours", async () => {
    await refuses("{", WalletErrorCode.BACKUP_MALFORMED);
    await refuses("null", WalletErrorCode.BACKUP_MALFORMED);
    await refuses(
      edit(envelope => ({ ...envelope, format: "other" })),
      WalletErrorCode.BACKUP_MALFORMED,
    );
    await refuses(
      edit(envelope => ({ ...envelope, version: 2 })),
      WalletErrorCode.BACKUP_VERSION,
    );
    await refuses(
      edit(envelope => ({ ...envelope, data: "zz" })),
      WalletErrorCode.BACKUP_MALFORMED,
    );
    await refuses(
      edit(envelope => ({ ...envelope, cipher: { name: "none" } })),
      WalletErrorCode.BACKUP_MALFORMED,
    );
    await refuses(
      edit(envelope => ({ ...envelope, kdf: { ...(envelope["kdf"] as object), n: 2 ** 30 } })),
      WalletErrorCode.BACKUP_MALFORMED,
    );
  });

  it("overwrites no wallet", async () => {
    const kv = new FakeKvStore();
    await restore(text, "pass phrase", kv);
    await refuses(text, WalletErrorCode.STORE_NOT_EMPTY, { passphrase: "pass phrase", kv });
  });
});
