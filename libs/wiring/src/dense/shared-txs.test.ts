import { codeOf, jsFieldHasher } from "@sprtn/primitives";
import { CallKind, decodeTx, encodeTx } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { expect } from "chai";
import { SharedTxs } from "./shared-txs.js";

describe("transactions that validators of a process share", () => {
  const fixture = new ChainFixture();
  const tx = fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
  let read = 0;
  const shared = () => {
    read = 0;
    return new SharedTxs({ own: { decode: bytes => (read++, decodeTx(jsFieldHasher, bytes)) } });
  };

  it("are read once, and are the same object", () => {
    const txs = shared();
    const first = txs.decode(encodeTx(tx));
    expect(first).to.deep.equal(tx);
    expect(txs.decode(encodeTx(tx))).to.equal(first);
    expect(read).to.equal(1);
  });

  it("differ where only the proof does", () => {
    const txs = shared();
    const other = { ...tx, proof: Uint8Array.of(1, 2, 3) };
    expect(txs.decode(encodeTx(tx)).proof).to.deep.equal(tx.proof);
    expect(txs.decode(encodeTx(other)).proof).to.deep.equal(other.proof);
    expect(read).to.equal(2);
  });

  it("are not what cannot be read", () => {
    const txs = shared();
    for (let times = 0; times < 2; times++) {
      let code: unknown;
      try {
        txs.decode(Uint8Array.of(1, 2));
      } catch (error) {
        code = codeOf(error);
      }
      expect(code).to.equal("PROTOCOL_BAD_TX");
    }
    expect(read).to.equal(2);
  });
});
