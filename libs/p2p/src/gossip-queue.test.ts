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

  /** Peers send as much while nothing is judged to its end. */
  async function flood(
    peers: number,
    messages: number,
  ): Promise<{ readonly judged: number; readonly refused: number }> {
    const end = Promise.withResolvers<ValidationResult>();
    let [judged, refused] = [0, 0];
    const counter: Meter["counter"] = ({ name }) => ({
      add: (_value, labels) => {
        const verdict = (labels as { readonly verdict?: string } | undefined)?.verdict;
        if (name === "sprtn_p2p_gossip_messages_total" && verdict === "ignore") refused++;
      },
    });
    const { node } = await network.started({}, { meter: { ...silentMeter, counter } });
    node.subscribe("tx", () => (judged++, end.promise));
    const sent = Promise.withResolvers<void>();
    let ended = 0;
    // A vote after all that a peer sends waits for none of it.
    node.subscribe("block_attestation", () => {
      if (++ended === peers) sent.resolve();
      return { result: "accept" };
    });
    raws.push(...(await Promise.all(Array.from({ length: peers }, () => RawPeer.start()))));
    for (const peer of raws) await peer.connect(node);
    await Promise.all([acceptedPeers(node, peers), ...raws.map(peer => peer.seesSubscriber())]);
    for (let n = 0; n < messages; n++)
      await Promise.all(raws.map((peer, index) => peer.publish(new TextEncoder().encode(`${index} ${n}`))));
    for (const [index, peer] of raws.entries()) await peer.publish(Uint8Array.of(index), "block_attestation");
    await sent.promise;
    await new Promise(resolve => setImmediate(resolve));
    const counted = { judged, refused };
    end.resolve({ result: "ignore", code: "TEST" });
    return counted;
  }

  it("is of one peer 256 messages, of which 48 are judged at once: the others' places are for votes", async () => {
    expect(await flood(1, 300)).to.deep.equal({ judged: 48, refused: 300 - 256 });
  });

  it("is of all peers 2,048 messages besides those", async () => {
    expect(await flood(10, 250)).to.deep.equal({ judged: 48, refused: 2_500 - 2_048 - 48 });
  });
});
