import { expect } from "chai";
import { bytesWithin } from "./bytes-within.js";

describe("bytesWithin", () => {
  /** A body of chunks of so many bytes, numbered through; without end if `endless`. */
  function bodyOf(sizes: readonly number[], endless = false) {
    let read = 0;
    let cancelled = false;
    let next = 0;
    const body = {
      getReader: () => ({
        read: async () => {
          const size = sizes[read] ?? (endless ? 10 : undefined);
          read++;
          return size === undefined
            ? { done: true }
            : { done: false, value: Uint8Array.from({ length: size }, () => next++) };
        },
        cancel: async () => (cancelled = true),
      }),
    };
    return { body, read: () => read, cancelled: () => cancelled };
  }

  it("gives the whole of a body that is as long as it may be", async () => {
    const { body, cancelled } = bodyOf([3, 0, 2]);
    expect(await bytesWithin(body, 5)).to.deep.equal(Uint8Array.of(0, 1, 2, 3, 4));
    expect(cancelled()).to.equal(false);
    expect(await bytesWithin(null, 5)).to.deep.equal(new Uint8Array());
  });

  it("gives nothing of one that is a byte longer", async () => {
    expect(await bytesWithin(bodyOf([3, 3]).body, 5)).to.equal(undefined);
  });

  it("reads no more of one without end", async () => {
    const { body, read, cancelled } = bodyOf([], true);
    expect(await bytesWithin(body, 35)).to.equal(undefined);
    expect([read(), cancelled()]).to.deep.equal([4, true]);
  });
});
