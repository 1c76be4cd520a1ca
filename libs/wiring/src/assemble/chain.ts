import { Archiver } from "@sprtn/archiver";
import type { ArchiverSettings } from "@sprtn/archiver/settings";
import { EpochCommittees } from "@sprtn/consensus";
import { WatchedL1Reader } from "@sprtn/l1-client";
import type { ChainFollower, StateForks, StateViews } from "@sprtn/ports";
import { type Deployment, hashHeader } from "@sprtn/protocol";
import { WorldState } from "@sprtn/world-state";
import type { NodePorts } from "./node-ports.js";
import { Prefix, type Stores } from "./stores.js";

/** Epochs whose committees are remembered, for the node's own duties and for queries. */
const OWN_EPOCHS = 8;
const ASKED_EPOCHS = 16;

/** What follows L1 and keeps what it says. */
export interface ChainParts {
  readonly worldState: StateForks & StateViews;
  readonly archiver: ChainFollower;
  readonly committees: EpochCommittees;
  /** For queries from outside: what they ask for never displaces what the node's own duties need. */
  readonly askedCommittees: EpochCommittees;
}

/** What a chain of a node's own needs. */
export interface OpenChain {
  readonly stores: Pick<Stores, "state" | "archive">;
}

/** A chain that follows L1 itself. @throws WorldStateError, StorageError */
export async function assembleChain(
  ports: Pick<NodePorts, "l1" | "heads" | "committeeSource" | "hasher" | "clock" | "logger" | "meter">,
  { stores }: OpenChain,
  { deployment, archiver: settings }: { readonly deployment: Deployment; readonly archiver: ArchiverSettings },
): Promise<ChainParts> {
  const { heads, hasher, clock, logger, meter } = ports;
  const { header, archive } = deployment.genesis;
  const worldState = await WorldState.open(
    { store: stores.state, hasher, logger },
    { genesis: { header, headerHash: hashHeader(header), archive, effects: [] }, prefix: Uint8Array.of(Prefix.STATE) },
  );
  const archiver = new Archiver(
    {
      l1: new WatchedL1Reader({ reader: ports.l1, heads }),
      store: stores.archive,
      state: worldState,
      clock,
      logger: logger.child("archiver"),
      meter,
      deployment,
    },
    settings,
  );
  const { committeeSize, epochDuration } = deployment.parameters;
  const committees = (cachedEpochs: number) => {
    const drawn = new EpochCommittees(
      { source: ports.committeeSource },
      { committeeSize, epochDuration, cachedEpochs },
    );
    // A reorg may have changed a randao, even if it removes no L2 block.
    heads.onReorg(() => drawn.clear());
    return drawn;
  };
  return { worldState, archiver, committees: committees(OWN_EPOCHS), askedCommittees: committees(ASKED_EPOCHS) };
}
