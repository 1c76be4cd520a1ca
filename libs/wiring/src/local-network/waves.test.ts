import { expect } from "chai";
import fc from "fast-check";
import { StartWaves } from "./waves.js";

/** Starts this many nodes; whom each dials, by the order of their start, and how many started at once. */
function startAll(count: number): { readonly dialled: readonly (readonly number[])[]; readonly sizes: number[] } {
  const waves = new StartWaves();
  const dialled: number[][] = [];
  const sizes: number[] = [];
  while (dialled.length < count) {
    const size = waves.size(count - dialled.length);
    sizes.push(size);
    const wave = Array.from({ length: size }, () => waves.bootstrapNodes().map(Number));
    for (const each of wave) {
      waves.started([String(dialled.length)]);
      dialled.push(each);
    }
  }
  return { dialled, sizes };
}

describe("the start of a network's nodes", () => {
  it("is in waves that grow to eight at once", () => {
    expect(startAll(49).sizes).to.deep.equal([1, 1, 2, 4, 8, 8, 8, 8, 8, 1]);
    expect(startAll(5).sizes).to.deep.equal([1, 1, 2, 1]);
  });

  it("leaves every node with nodes that run already, and none with too many that dial it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 260 }), count => {
        const { dialled } = startAll(count);
        const dialling = Array.from({ length: count }, () => 0);
        for (const [node, others] of dialled.entries()) {
          expect(others.length).to.equal(new Set(others).size);
          expect(others.length >= Math.min(1, node) && others.length <= 4).to.equal(true);
          for (const other of others) {
            expect(other).to.be.lessThan(node);
            (dialling[other] as number)++;
          }
        }
        expect(Math.max(...dialling)).to.be.at.most(8);
      }),
      { numRuns: 60 },
    );
  });
});
