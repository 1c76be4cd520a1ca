import { BlockNumber, type Field, Slot, type UnixSeconds, ZERO_ADDRESS, ZERO_FIELD } from "@sprtn/primitives";
import { type BlockHeader, type GasFees, hashHeader, type L2Block } from "@sprtn/protocol";
import type { RollupState } from "./rollup-state.js";

/** The header of block 0 (spec/encoding.md "Header"): `state` holds the empty trees. */
export function genesisHeader(
  state: RollupState,
  genesis: { readonly genesisTime: UnixSeconds; readonly initialBaseFees: GasFees },
): BlockHeader {
  return {
    lastArchive: state.archiveRoot(),
    number: BlockNumber(0),
    slot: Slot(0),
    timestamp: genesis.genesisTime,
    coinbase: ZERO_ADDRESS,
    feeRecipient: ZERO_FIELD,
    baseFees: genesis.initialBaseFees,
    daHash: ZERO_FIELD,
    inHash: ZERO_FIELD,
    outHash: ZERO_FIELD,
    txCount: 0,
    totalBaseFees: 0n,
    totalL2Gas: 0n,
    totalDaGas: 0n,
    stateHash: state.stateHash(),
  };
}

/** Turns empty trees into the state after genesis and returns block 0. */
export function applyGenesis(
  state: RollupState,
  genesis: { readonly genesisTime: UnixSeconds; readonly initialBaseFees: GasFees },
): L2Block {
  const header = genesisHeader(state, genesis);
  const headerHash: Field = hashHeader(header);
  state.appendArchive({ headerHash, stateHash: header.stateHash, number: 0, slot: 0 });
  return { header, headerHash, archive: state.archiveRoot(), effects: [] };
}
