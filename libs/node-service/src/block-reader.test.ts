import { BlockNumber } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { buildDeployment } from "@sprtn/testing";
import { expect } from "chai";
import { BlockReader } from "./block-reader.js";

const { header } = buildDeployment().genesis;

describe("block reader", () => {
  let events: string[];
  let tip: number;
  let finalized: number;
  let branch: bigint;
  const block = (number: number) =>
    ({
      header: { ...header, number, lastArchive: branch + BigInt(number - 1) },
      archive: branch + BigInt(number),
      effects: [],
    }) as unknown as L2Block;
  const source = {
    block: async (number: BlockNumber) => {
      if (number > tip) return undefined;
      events.push(`read ${number}`);
      return block(number);
    },
    tips: () => ({ finalized: { number: finalized } }) as never,
  };
  const reader = () => new BlockReader({ blocks: source, pause: async () => void events.push("pause") });
  const read = async (from: number, count: number, of = reader()) => {
    const numbers: number[] = [];
    for await (const { header: found } of of.from(BlockNumber(from))) {
      numbers.push(found.number);
      if (numbers.length === count) break;
    }
    return numbers;
  };
  beforeEach(() => {
    events = [];
    branch = 1000n;
    tip = 9;
    finalized = 4;
  });

  it("gives what is there, and lets others have the thread between two blocks that it reads", async () => {
    expect(await read(7, 100)).to.deep.equal([7, 8, 9]);
    expect(events).to.deep.equal(["read 7", "pause", "read 8", "pause", "read 9", "pause"]);
    expect(await read(10, 1)).to.deep.equal([]);
  });

  it("ends where the chain has become another between two blocks", async () => {
    const numbers: number[] = [];
    for await (const { header: found } of reader().from(BlockNumber(5))) {
      numbers.push(found.number);
      if (found.number === 7) branch = 2000n;
    }
    expect(numbers).to.deep.equal([5, 6, 7]);
    expect(await read(5, 100)).to.deep.equal([5, 6, 7, 8, 9]);
  });

  it("reads no more than is asked for", async () => {
    expect(await read(1, 2)).to.deep.equal([1, 2]);
    expect(events.filter(event => event !== "pause")).to.deep.equal(["read 1", "read 2"]);
  });

  it("reads a finalized block once, one that may change each time", async () => {
    const same = reader();
    await read(1, 100, same);
    events = [];
    expect(await read(1, 100, same)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events.filter(event => event !== "pause")).to.deep.equal([5, 6, 7, 8, 9].map(number => `read ${number}`));
  });

  it("LIMIT-23: keeps a bounded number of them", async () => {
    tip = finalized = 20_000;
    const same = reader();
    // Each of these blocks counts for one transaction.
    await read(1, 8_192, same);
    events = [];
    await read(1, 8_192, same);
    expect(events).to.deep.equal([]);
    await read(8_193, 1, same);
    await read(2, 1, same);
    await read(1, 1, same);
    expect(events.filter(event => event !== "pause")).to.deep.equal(["read 8193", "read 1"]);
  });
});
