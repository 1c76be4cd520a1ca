import { expect } from "chai";
import { acceptedPeers, LocalNetwork, NETWORK } from "./test/local-network.js";

describe("discovery", () => {
  const network = new LocalNetwork();
  afterEach(() => network.stop());

  it("nodes find each other through one bootstrap node, which does not gossip", async function () {
    const { node: boot } = await network.started({ role: "bootstrap", discovery: true, minPeers: 0 });
    const { node: stranger } = await network.started({
      discovery: true,
      network: { ...NETWORK, rollupVersion: 9n },
      minPeers: 1,
    });
    const nodes = await Promise.all(
      [1, 2, 3].map(
        async () => (await network.started({ discovery: true, bootstrapNodes: [boot.enr()], minPeers: 3 })).node,
      ),
    );
    await Promise.all(nodes.map(node => acceptedPeers(node, 3)));
    const ids = nodes.map(({ peerId }) => peerId);
    for (const node of nodes)
      expect(node.peers().toSorted()).to.deep.equal([boot.peerId, ...ids.filter(id => id !== node.peerId)].toSorted());
    expect(stranger.peers()).to.deep.equal([]);
    expect(nodes[0]?.subscribers("tx")).to.deep.equal([]);
  });

  it("an ENR of another network is not a bootstrap node", async () => {
    const { node: boot } = await network.started({ discovery: true, network: { ...NETWORK, chainId: 1n } });
    const { node } = network.create({ discovery: true, bootstrapNodes: [boot.enr()] });
    const error = await node.start(new AbortController().signal).catch((reason: Error) => reason);
    expect(error).to.include({ code: "P2P_BAD_BOOTSTRAP_NODE" });
  });
});
