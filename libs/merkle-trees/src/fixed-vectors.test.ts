import { Field, fieldFromBytes, jsFieldHasher as hasher } from "@sprtn/primitives";
import { expect } from "chai";
import {
  AppendOnlyTree,
  MemoryNodeStore,
  type MerkleTree,
  NullifierTree,
  packFields,
  PublicDataTree,
  zeroHashes,
} from "./index.js";

// Computed by a recursion over hand-written leaves with the native bb 5.0.0; separators as in the protocol's constants:
// NULLIFIER_LEAF 2, PUBLIC_DATA_LEAF 3.
const root = (tree: MerkleTree): Field => fieldFromBytes(tree.root());
const dependencies = (): { store: MemoryNodeStore; hasher: typeof hasher } => ({
  store: new MemoryNodeStore(),
  hasher,
});

describe("fixed vectors, Poseidon2", () => {
  it("empty trees", () => {
    expect(root(new AppendOnlyTree(dependencies(), { depth: 32 }))).to.equal(
      0x0b59baa35b9dc267744f0ccb4e3b0255c1fc512460d91130c6bc19fb2668568dn,
    );
    expect(fieldFromBytes(zeroHashes(hasher, 32)[30] as Uint8Array)).to.equal(
      0x0c08da612363088ad0bbc78abd233e8ace4c05a56fdabdd5e5e9b05e428bdaeen,
    );
  });

  it("append-only", () => {
    const tree = new AppendOnlyTree(dependencies(), { depth: 32 });
    tree.append(packFields([1, 2, 3].map(Field)));
    expect(root(tree)).to.equal(0x0d093b3aa1ae8c377e56bc40831ac19f0c1d5cda4df9a789535a9c5c23560a53n);
    tree.append(packFields(Array.from({ length: 30 }, (_, i) => Field(i + 4))));
    expect(root(tree)).to.equal(0x137f6f8a4059c16ce36186f708dc1a851065b1cf38f0953cb2ce677c38b7002an);
  });

  it("nullifiers: genesis, then 5, 3, 2^200 and 4", () => {
    const tree = new NullifierTree(dependencies(), { depth: 32, leafSeparator: 2n });
    expect(root(tree)).to.equal(0x2c1a9f3c51c65375a3bfa1ddc0c1e7edd21c48d961aee836e7779da7c5a74627n);
    tree.insertWithWitnesses(packFields([Field(5), Field(3)]));
    tree.insert(packFields([Field(1n << 200n), Field(4)]));
    expect(root(tree)).to.equal(0x2bfe84eb5eab3d43ded6fc3e97e17517820a280467e3699c0315d5a4aae01d6cn);
  });

  it("public data: genesis, then 7 → 70, 6 → 60, 7 → 71", () => {
    const tree = new PublicDataTree(dependencies(), { depth: 32, leafSeparator: 3n });
    expect(root(tree)).to.equal(0x2b5d6194d7f4919cd609cb87bc76c6592f18a276524b368d0068667f4fe5b6d0n);
    tree.write(packFields([7, 70, 6, 60, 7, 71].map(Field)));
    expect(root(tree)).to.equal(0x0d658b95a04ca8b410d60f35907a9239e8befa2335573aacc2f0a2130a115833n);
  });
});
