import type { BlockToApply, Logger, StateStore } from "@sprtn/ports";
import type { ChainIdentity } from "@sprtn/protocol";
import type { ArchivedDeployment } from "../chain-rules.js";
import type { ChainDraft } from "../store/chain-draft.js";

/** What following L1's events works on. */
export interface Following {
  readonly draft: ChainDraft;
  readonly state: StateStore;
  readonly parameters: ArchivedDeployment["parameters"];
  readonly identity: ChainIdentity;
  readonly logger: Logger;
  /**
   * In a range that L1 has finalized: blocks of the draft that the state has not seen, waiting for a proof that lets
   * them in by bulk. `undefined`: each is applied at once.
   */
  waiting: BlockToApply[] | undefined;
}
