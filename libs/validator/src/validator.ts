import { type BlockNumber, type Bytes32, codeOf, detailsOf, messageOf, Slot } from "@sprtn/primitives";
import { chooseUnpublishedParent, type EpochCommittees, parentReach, slotEnd } from "@sprtn/consensus";
import type {
  ActivityJournal,
  AttestationSource,
  BlockExecutor,
  BlockSigner,
  BlockSource,
  Clock,
  Gossip,
  L1Away,
  Logger,
  Meter,
  ProposalSource,
  Service,
  SignatureRecovery,
  StateForks,
  TxSource,
  ValidationResult,
} from "@sprtn/ports";
import { type BlockProposal, decodeProposal, type Deployment, type L2Block, payloadOf } from "@sprtn/protocol";
import { isAbortError, onAbort, orAborted, startDeadline } from "@sprtn/runtime";
import type { AttestationPool } from "./attestation-pool.js";
import type { Equivocations } from "./equivocations.js";
import type { OwnKeyWatch } from "./own-key-watch.js";
import { ProposalValidator } from "./proposal-validator.js";
import { ProposalFault, ProposalRejected } from "./validator-error.js";
import { type Parent, verifyProposal } from "./verify-proposal.js";
import { verifiedProposals, verifySeconds } from "./validator-metrics.js";

/** What a proposal is executed on, and what an attestation is signed with. */
export interface ValidatorDependencies {
  readonly blocks: BlockSource;
  readonly forks: StateForks;
  readonly txs: TxSource;
  /** Executes each proposal here, unless given. */
  readonly executor?: BlockExecutor;
  readonly committees: EpochCommittees;
  readonly gossip: Gossip;
  readonly recovery: SignatureRecovery;
  readonly pool: AttestationPool & AttestationSource;
  readonly proposals: ProposalSource;
  readonly equivocations: Equivocations;
  /**
   * Absent on a node that follows without a key: it verifies nothing and attests nothing, but passes good messages on.
   */
  readonly signer?: BlockSigner;
  /** With a signer. */
  readonly ownKey?: OwnKeyWatch;
  readonly journal: ActivityJournal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** The deployment, and its EIP-712 domain separator. */
export interface ValidatorSettings {
  readonly deployment: Deployment;
  readonly domain: Bytes32;
}

/**
 * Judges gossiped proposals and attestations and, with a key in the committee, executes proposals and attests those
 * that are right.
 */
export class Validator implements Service {
  /**
   * Proposals being considered: waiting for one's transactions holds up no other. At most two of each slot that the
   * proposal validator takes.
   */
  readonly #considering = new Set<Promise<void>>();
  readonly #validator: ProposalValidator;
  readonly #controller = new AbortController();
  /** The last slot of which this node could not judge a proposal, for it was not in step with L1. */
  #unjudged: Slot | undefined;
  /** How many slots before a proposal's own its parent may be, if this node does not know it from L1. */
  readonly #reach: number;
  readonly #verified;
  readonly #seconds;

  readonly #dependencies: ValidatorDependencies;

  constructor(
    dependencies: ValidatorDependencies,
    private readonly settings: ValidatorSettings,
  ) {
    this.#dependencies = dependencies;
    this.#validator = new ProposalValidator(dependencies, settings);
    this.#reach = parentReach(settings.deployment.parameters, "member");
    this.#verified = verifiedProposals(dependencies.meter);
    this.#seconds = verifySeconds(dependencies.meter);
  }

  async start(signal: AbortSignal): Promise<void> {
    onAbort(signal, () => this.#controller.abort());
    this.#dependencies.gossip.subscribe("block_proposal", ({ data }) => this.#receive(data));
    this.#dependencies.gossip.subscribe("block_attestation", ({ data }) => this.#dependencies.pool.receive(data));
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await Promise.all(this.#considering);
  }

  /** Gossip's judgement: cheap; execution follows. */
  async #receive(data: Uint8Array): Promise<ValidationResult> {
    let proposal: BlockProposal;
    try {
      proposal = decodeProposal(data);
    } catch (error) {
      this.#dependencies.logger.debug("malformed proposal", { reason: messageOf(error) });
      return { result: "reject", code: ProposalFault.MALFORMED };
    }
    const result = await this.#validator.validate(proposal);
    if (result.result === "accept") {
      const { header, txHashes } = proposal;
      const { slot, number: block } = header;
      this.#dependencies.journal.record({ type: "proposal", slot, block, txs: txHashes.length });
      const considered = this.#consider(proposal).finally(() => this.#considering.delete(considered));
      this.#considering.add(considered);
    }
    return result;
  }

  /** Executes a proposal and attests it if it is right, while L1 could still take it (PEND-2). Never rejects. */
  async #consider(proposal: BlockProposal): Promise<void> {
    const { committees, signer, clock, logger, proposals } = this.#dependencies;
    const { parameters } = this.settings.deployment;
    const { slot } = proposal.header;
    const startedMs = clock.nowMs();
    const lastMs = 1000 * slotEnd(parameters, Slot(slot + parameters.proposalLateness));
    const deadline = startDeadline({ clock, delayMs: lastMs - startedMs, signal: this.#controller.signal });
    const { signal } = deadline;
    try {
      if (signer === undefined || !(await committees.committeeOfSlot(slot)).includes(signer.address)) return;
      const built = await verifyProposal(this.#dependencies, this.settings.deployment, {
        proposal,
        parent: await this.#parent(proposal, signal),
        signal,
      }).catch((error: unknown) => {
        // The state may have moved under what was executed.
        throw this.#dependencies.blocks.synced() ? error : notInStep(proposal.header.number, { cause: error });
      });
      if (this.#controller.signal.aborted) return;
      proposals.keep({ proposal, built });
      await signer.attest(slot, payloadOf(proposal));
      this.#verified.add(1, { outcome: "attested" });
      this.#seconds.observe((clock.nowMs() - startedMs) / 1000);
      logger.verbose("attested", {
        slot,
        block: proposal.header.number,
        txs: proposal.txHashes.length,
        ms: clock.nowMs() - startedMs,
      });
    } catch (error) {
      if (this.#controller.signal.aborted) return;
      const code = codeOf(error);
      this.#verified.add(1, { outcome: code });
      if (code === ProposalFault.NOT_IN_STEP) this.#unjudged = slot;
      const fields = { slot, block: proposal.header.number, code, reason: messageOf(error) };
      // A node that does not follow L1 cannot judge a proposal; whatever follows L1 reports why.
      if (code === ProposalFault.NOT_IN_STEP || (detailsOf(error) as Partial<L1Away>).endpoints !== undefined)
        logger.info("a proposal was not verified", fields);
      else logger.warn("refusing to attest to a proposal", fields);
    } finally {
      deadline.clear();
    }
  }

  /** Whether the block before that of `slot` may be one that this node could not judge, and so has not executed. */
  #followsUnjudged(slot: Slot): boolean {
    return this.#unjudged !== undefined && slot - this.#unjudged <= this.#reach;
  }

  /**
   * The block that the proposal builds on: the pending tip, waiting for L1's news if need be, or a block executed here
   * that L1 does not have yet (PEND-9).
   */
  async #parent(proposal: BlockProposal, signal: AbortSignal): Promise<Parent> {
    const { blocks, forks, proposals } = this.#dependencies;
    const { lastArchive, number, slot } = proposal.header;
    const atTip = ({ header, archive }: L2Block): Parent | undefined =>
      header.number === number - 1 && archive === lastArchive && blocks.synced()
        ? { header, fork: forks.forkAt(header.number) }
        : undefined;
    const executed = (earlier: Slot) =>
      proposals
        .executed(earlier)
        .map(({ built }) => built.block)
        .filter(({ archive }) => archive === lastArchive);
    const ahead = ({ header: { number: known }, archive }: L2Block): Parent | undefined => {
      // While L1 is read again, or not at all, the state may be below the block that was executed here.
      if (!blocks.synced()) return undefined;
      const fork = forks.forkOn(lastArchive);
      const parent = chooseUnpublishedParent(executed, { slot, tip: { number: known, archive } }, this.#reach);
      return fork === undefined || parent === undefined ? undefined : { header: parent.header, fork };
    };
    const { promise: news, resolve } = Promise.withResolvers<Parent>();
    const look = async () => {
      const tip = await blocks.block(blocks.tips().pending.number);
      const parent = tip && (atTip(tip) ?? ahead(tip));
      if (parent !== undefined) resolve(parent);
    };
    const unsubscribe = blocks.subscribe(look);
    const inStep = blocks.synced();
    try {
      return await orAborted(
        look().then(() => news),
        { what: "waiting for the parent", signal },
      );
    } catch (error) {
      if (!isAbortError(error)) throw error;
      const tip = blocks.tips().pending.number;
      throw inStep && blocks.synced() && tip < number && !this.#followsUnjudged(slot)
        ? new ProposalRejected(
            ProposalFault.WRONG_PARENT,
            `the block before ${number} is not the pending tip ${tip} and was not executed here`,
          )
        : notInStep(number);
    } finally {
      unsubscribe();
    }
  }
}

function notInStep(number: BlockNumber, options?: ErrorOptions): ProposalRejected {
  return new ProposalRejected(
    ProposalFault.NOT_IN_STEP,
    `this node was not in sync with L1 while block ${number} could be attested: if this lasts, GET /ready and its ` +
      "log say why",
    {},
    options,
  );
}
