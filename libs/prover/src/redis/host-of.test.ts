import { CodedError } from "@sprtn/primitives";
import { expect } from "chai";
import { hostOf } from "./host-of.js";

describe("the URL of a proof queue", () => {
  it("is shown by host and port alone", () => {
    expect(hostOf("redis://user:hunter2@host:6379/2")).to.equal("host:6379");
    expect(hostOf("rediss://u%25:p%40@host")).to.equal("host");
  });

  for (const text of ["redis://u%zz:hunter2@host", "redis://u:hunter2%@host", "http://u:hunter2@host", "hunter2"])
    it(`is refused without being repeated: ${text}`, () => {
      expect(() => hostOf(text))
        .to.throw(CodedError)
        .that.satisfies(
          (error: CodedError) => error.code === "PROVER_QUEUE_BAD_URL" && !error.message.includes("hunter2"),
        );
    });
});
