import { Bytes32, EthAddress } from "@sprtn/primitives";
import { expect } from "chai";
import { SharedRecovery } from "./shared-recovery.js";

describe("signers that validators of a process share", () => {
  const [one, other] = [Bytes32(`0x${"01".repeat(32)}`), Bytes32(`0x${"02".repeat(32)}`)];
  const signer = EthAddress(`0x${"0a".repeat(20)}`);

  it("are recovered once for each message and signature, what is no signature too", () => {
    const asked: string[] = [];
    const own = {
      recover: (digest: Bytes32, signature: Uint8Array) => {
        asked.push(`${digest.slice(0, 4)} ${signature.join()}`);
        return signature[0] === 1 ? signer : undefined;
      },
    };
    const shared = new SharedRecovery({ own });
    for (let times = 0; times < 3; times++) {
      expect(shared.recover(one, Uint8Array.of(1))).to.equal(signer);
      expect(shared.recover(one, Uint8Array.of(2))).to.equal(undefined);
      expect(shared.recover(other, Uint8Array.of(1))).to.equal(signer);
    }
    expect(asked).to.deep.equal(["0x01 1", "0x01 2", "0x02 1"]);
  });
});
