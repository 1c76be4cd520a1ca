import { expect } from "chai";
import * as z from "zod/mini";
import { type AnyMethod, partsOf } from "../method-group.js";
import { EncodedResults } from "./encoded-results.js";

interface Part {
  readonly id: number;
  readonly text: string;
}

const schema = z.object({ id: z.number(), text: z.string() });
const listed: AnyMethod = {
  summary: "",
  params: [],
  result: z.array(schema),
  parts: partsOf<Part>(schema, ({ id }) => `part ${id}`),
};
const part = (id: number): Part => ({ id, text: "x".repeat(100) });
const text = ({ pieces }: { readonly pieces: readonly Buffer[] }) => Buffer.concat(pieces).toString();

describe("encoded results", () => {
  let pauses = 0;
  const open = (maxBytes: number) => {
    pauses = 0;
    return new EncodedResults({ pause: async () => void pauses++ }, { maxBytes });
  };

  it("are the JSON of the schema, in pieces or not", async () => {
    const results = open(10_000);
    expect(text(await results.encode(listed, [part(1), part(2)]))).to.equal(JSON.stringify([part(1), part(2)]));
    expect(text(await results.encode(listed, []))).to.equal("[]");
    expect(text(await results.encode({ ...listed, result: z.nullable(schema) }, part(1)))).to.equal(
      JSON.stringify(part(1)),
    );
    expect(text(await results.encode({ ...listed, result: z.nullable(schema) }, null))).to.equal("null");
  });

  it("are made once a part, with a pause between two that are made", async () => {
    const results = open(10_000);
    const first = await results.encode(listed, [part(1), part(2), part(3)]);
    expect([first.madeBytes > 300, pauses]).to.deep.equal([true, 2]);
    const second = await results.encode(listed, [part(2), part(3), part(1)]);
    expect([second.madeBytes, pauses]).to.deep.equal([0, 2]);
    expect(second.bytes).to.equal(first.bytes);
  });

  it("LIMIT-23: are kept up to a bound, those used least recently go first", async () => {
    const results = open(1_000);
    for (let id = 0; id < 50; id++) {
      await results.encode(listed, [part(0)]);
      await results.encode(listed, [part(id)]);
      expect(results.keptBytes).to.be.at.most(1_000);
    }
    expect((await results.encode(listed, [part(0)])).madeBytes).to.equal(0);
    expect((await results.encode(listed, [part(2)])).madeBytes).to.be.above(0);
  });

  it("are refused where the schema does not fit", async () => {
    const error = await open(1_000)
      .encode(listed, [{ id: "1" }])
      .catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(Error);
  });
});
