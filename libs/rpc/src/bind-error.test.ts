import { expect } from "chai";
import { bindError } from "./bind-error.js";
import { RpcErrorCode } from "./rpc-error.js";

const refused = (code?: string) => Object.assign(new Error("listen"), code === undefined ? {} : { code });
const at = { host: "127.0.0.1", port: 80 };

describe("bindError", () => {
  it("a taken port has its own code, and tells what to do", () => {
    const { code, message } = bindError(at, refused("EADDRINUSE"));
    expect(code).to.equal(RpcErrorCode.PORT_TAKEN);
    expect(message).to.contain("AZTEC_PORT");
  });

  for (const [errno, setting, reason] of [
    ["EACCES", "AZTEC_PORT", "not permitted"],
    ["EPERM", "AZTEC_PORT", "not permitted"],
    ["EADDRNOTAVAIL", "RPC_HOST", "no such address"],
    ["ENOTFOUND", "RPC_HOST", "no such host name"],
    ["ESOMETHING", "RPC_HOST", "ESOMETHING"],
    [undefined, "RPC_HOST", "listen"],
  ] as const)
    it(`${errno ?? "an error of another kind"}: the reason in plain words, and what to do`, () => {
      const { code, message, payload } = bindError(at, refused(errno));
      expect([code, payload.port]).to.deep.equal([RpcErrorCode.BIND_FAILED, 80]);
      expect(message)
        .to.contain(setting)
        .and.contain(reason)
        .and.contain(errno ?? "");
    });

  it("whatever was thrown: nothing of the program's own shows", () => {
    for (const thrown of [undefined, null, "no", {}, { code: 7 }, refused("constructor")])
      expect(bindError(at, thrown).message).to.not.match(/UNEXPECTED|\[object|\bfunction\b/);
  });
});
