import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { createHost, type Host } from "./host.js";
import { HandshakePace } from "./handshake-pace.js";
import { PeerPlaces } from "./peer-places.js";

describe("a host's places (LIMIT-5)", () => {
  let host: Host;
  let places: PeerPlaces;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    places = new PeerPlaces(
      {
        clock: new ManualClock(),
        isKnown: () => false,
        outboundCount: () => 0,
        displace: () => {},
        onKnownLeft: () => {},
      },
      { maxPeers: 4, reservedForOutbound: 0, reservedForKnown: 0, maxPerAddress: 2, probationMs: 60_000 },
    );
    host = await createHost({
      privateKey: await generateKeyPair("secp256k1"),
      agent: "test",
      listen: ["/ip4/127.0.0.1/tcp/0"],
      announce: [],
      maxPeers: 4,
      loopback: true,
      places,
      pace: new HandshakePace(
        { clock: new ManualClock(), load: () => 0, isWelcome: () => false },
        { burst: 100, perSecond: 1, busyPerSecond: 1, calmLoad: 0.5, busyLoad: 0.8, maxWaiting: 0, maxWaitMs: 0 },
      ),
      gossip: undefined,
      isBanned: () => false,
    });
    await host.libp2p.start();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await host.libp2p.stop();
  });

  const port = () => Number(/tcp\/(\d+)/.exec(host.libp2p.getMultiaddrs()[0]?.toString() ?? "")?.[1]);

  async function open(): Promise<Socket> {
    const socket = connect(port(), "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  }

  /** Resolves when the host has taken note of what the network did. */
  async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise(resolve => setImmediate(resolve));
  }

  it("connections that never end their handshake are given back when they close, however they close", async () => {
    const silent = await Promise.all(Array.from({ length: 20 }, open));
    await until(() => places.size === 20);
    for (const socket of silent.slice(0, 10)) socket.write("GET / HTTP/1.1\r\n\r\n");
    silent.forEach((socket, n) => (n % 2 === 0 ? socket.destroy() : socket.resetAndDestroy()));
    await until(() => places.size === 0);
    expect(places.size).to.equal(0);
  });
});
