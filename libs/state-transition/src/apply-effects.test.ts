import { Field, ZERO_FIELD } from "@sprtn/primitives";
import { expect } from "chai";
import { messageSubtree, StateError } from "./index.js";

describe("a block's messages", () => {
  const messages = (count: number) => Array.from({ length: count }, (_, i) => Field(i + 1));

  it("are 16 leaves, zeros behind the messages", () => {
    expect(messageSubtree(messages(16))).to.deep.equal(messages(16));
    expect(messageSubtree(messages(15))).to.deep.equal([...messages(15), ZERO_FIELD]);
  });

  it("are 16 at most", () => {
    expect(() => messageSubtree(messages(17))).to.throw(StateError, "17 messages, at most 16 a block");
  });
});
