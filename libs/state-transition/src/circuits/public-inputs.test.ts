import type { Field } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { SPAN_FIELDS, spanFromFields, spanToFields } from "./public-inputs.js";

describe("public inputs as fields", () => {
  it("a span's come back as they were: each has a place of its own", () => {
    const field = fc.bigInt(0n, 2n ** 32n - 1n) as fc.Arbitrary<Field>;
    const fields = fc.uniqueArray(field, { minLength: SPAN_FIELDS, maxLength: SPAN_FIELDS });
    fc.assert(
      fc.property(fields, span => {
        expect(spanToFields(spanFromFields(span))).to.deep.equal(span);
      }),
    );
  });
});
