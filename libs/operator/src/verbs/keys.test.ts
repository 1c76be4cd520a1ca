import { expect } from "chai";
import { openKey } from "../installation/private-key.js";
import { ADDRESS, KEY } from "../test/example.js";
import { FakeOperatorHost } from "../test/fake-operator-host.js";
import { importKey, listKeys, newKey } from "./keys.js";

const directory = "/srv/v1";

describe("keys", () => {
  let host: FakeOperatorHost;
  const failure = async (work: Promise<unknown>) => (await work.catch((error: unknown) => error)) as { code: string };
  beforeEach(() => {
    host = new FakeOperatorHost();
  });

  it("a new one is kept in a file that opens", async () => {
    const { address, path, encrypted } = await newKey(host, { directory });
    expect(encrypted).to.equal(false);
    expect(await openKey(host.disk.get(path) as string, undefined)).to.deep.equal({
      address,
      privateKey: `0x${host.newSecret()}`,
    });
  });

  it("with a password it is a keystore, which opens by it alone", async () => {
    const { address, path } = await importKey(host, { directory, text: KEY.slice(2), password: "secret" });
    const text = host.disk.get(path) as string;
    expect([address, text.includes(KEY.slice(2))]).to.deep.equal([ADDRESS, false]);
    expect((await openKey(text, "secret")).privateKey).to.equal(KEY);
    for (const password of [undefined, "Secret"])
      expect((await failure(openKey(text, password))).code, String(password)).to.equal("OPERATOR_BAD_KEY");
    expect((await listKeys(host, directory)).map(key => [key.address, key.encrypted])).to.deep.equal([[ADDRESS, true]]);
  }).timeout(60_000);

  it("what is no key has a code, and nothing is kept", async () => {
    for (const text of ["", "0x12", "hello", "{}", `0x${"f".repeat(64)}`, `0x${"0".repeat(64)}`])
      expect((await failure(importKey(host, { directory, text }))).code, text).to.equal("OPERATOR_BAD_KEY");
    expect(host.disk.size).to.equal(0);
  });

  it("one that is kept stays", async () => {
    await importKey(host, { directory, text: KEY });
    expect((await failure(importKey(host, { directory, text: KEY }))).code).to.equal("OPERATOR_USAGE");
  });

  it("are listed with the one that .env has; what is no key is passed over", async () => {
    await importKey(host, { directory, text: KEY });
    await newKey(host, { directory });
    host.disk.set(`${directory}/keys/notes.txt`, "mine");
    host.disk.set(`${directory}/keys/x.json`, '{"address":7}');
    host.disk.set(`${directory}/.env`, `SEQ_PUBLISHER_PRIVATE_KEY=${KEY}\n`);
    const keys = await listKeys(host, directory);
    expect(keys.map(({ address, used }) => [address === ADDRESS, used])).to.have.deep.members([
      [true, true],
      [false, false],
    ]);
  });
});
