import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { BlockNumber, jsFieldHasher, Slot, UnixSeconds, ZERO_ADDRESS, ZERO_FIELD } from "@sprtn/primitives";
import type { BlockToApply } from "@sprtn/ports";
import { hashEffects, hashHeader, inHashOf, type L2Block, outHashOf } from "@sprtn/protocol";
import { appendMessages, applyBlock, applyEffects, applyGenesis, perTree, RollupState } from "@sprtn/state-transition";
import { FakeKvStore, MemoryLogger } from "@sprtn/testing";
import { type BlockContent, stateStoreCompliance } from "@sprtn/testing/compliance";
import { WorldState } from "./index.js";

const initial = { genesisTime: UnixSeconds(1000), initialBaseFees: { perL2Gas: 100n, perDaGas: 10n } };
const emptyState = () => new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: jsFieldHasher });

/** The next block with this content; the rest of its header does not matter to a state store. */
function seal(chain: readonly BlockToApply[], { effects, messages }: BlockContent): L2Block {
  const state = emptyState();
  const genesis = applyGenesis(state, initial);
  for (const { block, messages: consumed } of chain) applyBlock(state, block, consumed);
  const number = BlockNumber(chain.length + 1);
  const lastArchive = state.archiveRoot();
  appendMessages(state, messages);
  applyEffects(state, effects);
  const header = {
    ...genesis.header,
    lastArchive,
    number,
    slot: Slot(number),
    coinbase: ZERO_ADDRESS,
    feeRecipient: ZERO_FIELD,
    daHash: hashEffects(effects),
    inHash: inHashOf(messages),
    outHash: outHashOf(effects),
    txCount: effects.length,
    stateHash: state.stateHash(),
  };
  const headerHash = hashHeader(header);
  state.appendArchive({ headerHash, stateHash: header.stateHash, number, slot: header.slot });
  return { header, headerHash, archive: state.archiveRoot(), effects };
}

stateStoreCompliance("WorldState", async () => {
  const kv = new FakeKvStore();
  const openState = () =>
    WorldState.open(
      { store: kv, hasher: jsFieldHasher, logger: new MemoryLogger() },
      { genesis: applyGenesis(emptyState(), initial), prefix: Uint8Array.of(1) },
    );
  return {
    store: await openState(),
    seal: async (chain, content) => seal(chain, content),
    crash: openState,
    close: () => kv.close(),
  };
});
