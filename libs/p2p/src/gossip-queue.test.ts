import { expect } from "chai";
import type { Meter, ValidationResult } from "@sprtn/ports";
import { acceptedPeers, LocalNetwork, silentMeter } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

describe("LIMIT-1: gossip that waits to be judged", () => {
  const network = new LocalNetwork();
  const raws: RawPeer[] = [];

  afterEach(async () => {
    await Promise.all(raws.splice(0).map(peer => peer.stop()));
    await network.stop();
  });

  /** Peers send as much while nothing is judged to its end; resolves when `ignored` of it found no place. */
  async function flood(peers: number, messages: number, ignored: number): Promise<{ readonly judged: number }> {
    const full = Promise.withResolvers<void>();
    const end = Promise.withResolvers<ValidationResult>();
    let [judged, refused] = [0, 0];
    const counter: Meter["counter"] = ({ name }) => ({
      add: (_value, labels) => {
        const verdict = (labels as { readonly verdict?: string } | undefined)?.verdict;
        if (name === "sprtn_p2p_gossip_messages_total" && verdict === "ignore" && ++refused === ignored) full.resolve();
      },
    });
    const { node } = await network.started({}, { meter: { ...silentMeter, counter } });
    node.subscribe("tx", () => (judged++, end.promise));
    raws.push(...(await Promise.all(Array.from({ length: peers }, () => RawPeer.start()))));
    for (const peer of raws) await peer.connect(node);
    await Promise.all([acceptedPeers(node, peers), ...raws.map(peer => peer.seesSubscriber())]);
    for (let n = 0; n < messages; n++)
      await Promise.all(raws.map((peer, index) => peer.publish(new TextEncoder().encode(`${index} ${n}`))));
    await full.promise;
    const before = judged;
    expect(refused).to.equal(ignored);
    end.resolve({ result: "ignore", code: "TEST" });
    return { judged: before };
  }

  it("is of one peer 256 messages, of which 48 are judged at once: the others' places are for votes", async () => {
    expect(await flood(1, 300, 300 - 256)).to.deep.equal({ judged: 48 });
  });

  it("is of all peers 2,048 messages besides those", async () => {
    expect(await flood(10, 250, 2_500 - 2_048 - 48)).to.deep.equal({ judged: 48 });
  });
});
