import { expect } from "chai";
import { RequestSlots } from "./request-slots.js";

const limits = { total: 3, perCaller: 2, waitingTotal: 3, waitingPerCaller: 2 };
const settle = () => new Promise(resolve => setImmediate(resolve));

describe("request slots", () => {
  it("LIMIT-22: hold a caller to his share, and let others past him", async () => {
    const slots = new RequestSlots(limits);
    const granted: string[] = [];
    const take = (name: string, caller: string) =>
      slots.take(caller)?.then(release => {
        granted.push(name);
        return release;
      });
    const first = take("a1", "a");
    void take("a2", "a");
    void take("a3", "a");
    void take("a4", "a");
    await settle();
    expect(granted).to.deep.equal(["a1", "a2"]);
    expect(take("a5", "a")).to.equal(undefined);
    const other = take("b1", "b");
    void take("c1", "c");
    await settle();
    expect(granted).to.deep.equal(["a1", "a2", "b1"]);
    expect(take("d1", "d")).to.equal(undefined);
    (await other)?.();
    await settle();
    expect(granted).to.deep.equal(["a1", "a2", "b1", "c1"]);
    const release = await first;
    release?.();
    release?.();
    await settle();
    expect(granted).to.deep.equal(["a1", "a2", "b1", "c1", "a3"]);
  });
});
