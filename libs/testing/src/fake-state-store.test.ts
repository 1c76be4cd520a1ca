import { Field, ZERO_FIELD } from "@sprtn/primitives";
import { hashHeader, type L2Block } from "@sprtn/protocol";
import { stateStoreCompliance } from "./compliance/index.js";
import { buildDeployment } from "./fake-rollup.js";
import { fakeArchive, FakeStateStore, fakeStateHash } from "./fake-state-store.js";

const { header, archive } = buildDeployment().genesis;
const genesis: L2Block = { header, headerHash: hashHeader(header), archive, effects: [] };

stateStoreCompliance("FakeStateStore", async () => {
  const store = FakeStateStore.atGenesis(genesis);
  return {
    store,
    async seal(chain, { effects, messages }) {
      const parent = chain.at(-1)?.block ?? genesis;
      const next = {
        ...parent.header,
        number: (parent.header.number + 1) as typeof header.number,
        feeRecipient: Field(chain.length),
        inHash: ZERO_FIELD,
      };
      const sealed = {
        ...next,
        lastArchive: parent.archive,
        stateHash: fakeStateHash(parent.header.stateHash, effects, messages),
      };
      const headerHash = hashHeader(sealed);
      return { header: sealed, headerHash, archive: fakeArchive(parent.archive, headerHash), effects };
    },
    crash: async () => store.crash(),
    close: async () => {},
  };
});
