import { jsFieldHasher, UnixSeconds, ZERO_ADDRESS } from "@sprtn/primitives";
import { encodeHeader, hashHeader } from "@sprtn/protocol";
import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { expect } from "chai";
import { applyGenesis, perTree, RollupState } from "./index.js";

describe("genesis", () => {
  it("has a header of empty trees, nothing in it, and the archive that holds it", () => {
    const empty = () => new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: jsFieldHasher });
    const [before, state] = [empty(), empty()];
    const initialBaseFees = { perL2Gas: 100n, perDaGas: 10n };
    const { header, headerHash, archive, effects } = applyGenesis(state, {
      genesisTime: UnixSeconds(1000),
      initialBaseFees,
    });
    expect(header).to.deep.equal({
      lastArchive: before.archiveRoot(),
      number: 0,
      slot: 0,
      timestamp: 1000,
      coinbase: ZERO_ADDRESS,
      feeRecipient: 0n,
      baseFees: initialBaseFees,
      daHash: 0n,
      inHash: 0n,
      outHash: 0n,
      txCount: 0,
      totalBaseFees: 0n,
      totalL2Gas: 0n,
      totalDaGas: 0n,
      stateHash: before.stateHash(),
    });
    expect(encodeHeader(header)).to.have.length(284);
    const { stateHash } = header;
    expect([headerHash, archive, effects]).to.deep.equal([hashHeader(header), state.archiveRoot(), []]);
    expect(state.stateHash()).to.equal(stateHash);
    before.appendArchive({ headerHash, stateHash, number: 0, slot: 0 });
    expect(archive).to.equal(before.archiveRoot());
  });
});
