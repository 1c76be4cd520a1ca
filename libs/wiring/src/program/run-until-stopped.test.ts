import { CodedError } from "@sprtn/primitives";
import { RuntimeError, RuntimeErrorCode } from "@sprtn/runtime";
import { expect } from "chai";
import { exitWith } from "./run-until-stopped.js";

describe("exitWith", () => {
  const write = process.stderr.write;
  let written = "";

  beforeEach(() => {
    written = "";
    process.stderr.write = text => ((written += String(text)), true);
  });

  afterEach(() => {
    process.stderr.write = write;
    process.exitCode = 0;
  });

  const printed = (error: unknown) => {
    written = "";
    exitWith(error);
    expect(process.exitCode).to.equal(1);
    return written.trim();
  };

  it("prints a code and what to do, no stack", () => {
    const low = new CodedError("L1_DEVNET_FAILED", "address in use");
    const taken = new CodedError("L1_DEVNET_PORT_TAKEN", "port 1 is taken", {}, { cause: low });
    expect(printed(taken)).to.equal("L1_DEVNET_PORT_TAKEN: port 1 is taken");
    const failed = (cause: unknown) =>
      new RuntimeError(RuntimeErrorCode.START_FAILED, "rpc did not start: port 1 is taken", { what: "rpc" }, { cause });
    expect(printed(failed(failed(taken)))).to.equal("L1_DEVNET_PORT_TAKEN: rpc did not start: port 1 is taken");
    expect(printed(failed(new TypeError("x")))).to.equal("RUNTIME_START_FAILED: rpc did not start: port 1 is taken");
    expect(printed(new TypeError("x is not a function"))).to.equal("UNEXPECTED: x is not a function");
  });
});
