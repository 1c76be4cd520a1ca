import { expect } from "chai";
import { ThreadLoad } from "./thread-load.js";

describe("load of a thread", () => {
  it("is the share of the last second, and stays until the next one is over", () => {
    const time = { active: 500, idle: 500 };
    const load = new ThreadLoad({ threadTime: () => ({ ...time }) });
    const after = (active: number, idle: number) => {
      time.active += active;
      time.idle += idle;
      return load.now();
    };
    expect(load.now()).to.equal(0);
    expect(after(900, 99)).to.equal(0);
    expect(after(0, 1)).to.equal(0.9);
    expect(after(0, 999)).to.equal(0.9);
    expect(after(0, 1)).to.equal(0);
  });

  it("of a long time without a question is that of the whole time", () => {
    const time = { active: 0, idle: 0 };
    const load = new ThreadLoad({ threadTime: () => ({ ...time }) });
    Object.assign(time, { active: 15_000, idle: 45_000 });
    expect(load.now()).to.equal(0.25);
  });
});
