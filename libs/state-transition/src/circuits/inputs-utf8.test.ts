import { expect } from "chai";
import { CircuitErrorCode } from "./circuit-error.js";
import { decodeCircuitInputs } from "./inputs-codec.js";

describe("circuit inputs that are not UTF-8", () => {
  it("are refused, not mended: two encodings never stand for the same inputs", () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('{"a":"='), 0xff, ...new TextEncoder().encode('"}')]);
    expect(() => decodeCircuitInputs(bytes))
      .to.throw()
      .with.property("code", CircuitErrorCode.BAD_INPUTS);
  });
});
