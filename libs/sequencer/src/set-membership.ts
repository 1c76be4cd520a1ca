import { epochAt } from "@sprtn/consensus";
import type { Clock, CommitteeSource, Logger, Service } from "@sprtn/ports";
import { codeOf, type Epoch, type EthAddress, messageOf, UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { Loop, unixSeconds } from "@sprtn/runtime";
import { type EmptyReason } from "./own-slots.js";
import { SequencerErrorCode } from "./sequencer-error.js";

/** What L1 says about the validator set, and where a missing key is reported. */
export interface SetMembershipDependencies {
  readonly sets: Pick<CommitteeSource, "validatorsAt">;
  readonly address: EthAddress;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The deployment's parameters, and how often the set is looked at, ms. */
export interface SetMembershipSettings {
  readonly parameters: RollupParameters;
  readonly pollIntervalMs: number;
}

/** Knows whether this validator's key is in the set, and reports when it is not: then it has no duties. */
export class SetMembership implements Service {
  readonly #loop: Loop;
  #looked: Epoch | undefined;
  #problem: EmptyReason | undefined;

  readonly #dependencies: SetMembershipDependencies;

  constructor(
    dependencies: SetMembershipDependencies,
    private readonly settings: SetMembershipSettings,
  ) {
    this.#dependencies = dependencies;
    const { clock, logger } = dependencies;
    this.#loop = new Loop(
      {
        clock,
        step: () => this.#look(),
        onError: error =>
          logger.debug("it is not yet known whether the key is in the validator set", {
            code: codeOf(error),
            reason: messageOf(error),
          }),
      },
      { intervalMs: settings.pollIntervalMs },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** For readiness: the key is in no set; `undefined` when it is in one, or while that is not known. */
  problem(): EmptyReason | undefined {
    return this.#problem;
  }

  /** Once an epoch (SET-3). */
  async #look(): Promise<void> {
    const { sets, address, clock, logger } = this.#dependencies;
    const { parameters } = this.settings;
    const now = UnixSeconds(Math.max(unixSeconds(clock), parameters.genesisTime));
    const epoch = epochAt(parameters, now);
    if (epoch === this.#looked) return;
    const isMember = (await sets.validatorsAt(epoch)).includes(address);
    this.#looked = epoch;
    if (isMember === (this.#problem === undefined)) {
      if (isMember) logger.verbose("this node's key is in the validator set", { address, epoch });
      return;
    }
    this.#problem = isMember
      ? undefined
      : {
          code: SequencerErrorCode.KEY_IN_NO_SET,
          reason:
            `the key ${address} is not in the validator set: stake for it, have Teocalli add it and wait three ` +
            "epochs, or give another key (SEQ_PUBLISHER_PRIVATE_KEY, MNEMONIC_INDEX); until then it neither " +
            "proposes nor attests",
        };
    if (this.#problem === undefined) logger.info("this node's key is now in the validator set", { address, epoch });
    else logger.warn("this sequencer's key is not in the validator set", { ...this.#problem });
  }
}
