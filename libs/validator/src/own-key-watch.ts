import { codeOf, type EthAddress, messageOf } from "@sprtn/primitives";
import { slotStart, type TimeParameters } from "@sprtn/consensus";
import type { Clock, Logger, Meter } from "@sprtn/ports";
import type { PayloadType } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import type { SignedRecord, SlashingProtection } from "./slashing-protection.js";
import { ValidatorErrorCode } from "./validator-error.js";
import { foreignSignatures } from "./validator-metrics.js";

/** What this node has signed, to be compared with what it hears under its key. */
export interface OwnKeyWatchDependencies {
  /** Of this node's validator key. */
  readonly address: EthAddress;
  readonly protection: SlashingProtection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** What readiness reports about a key that is used elsewhere. */
export interface KeyAlarm {
  readonly code: ValidatorErrorCode.KEY_USED_ELSEWHERE;
  readonly reason: string;
}

const REASON =
  "another node signs with this validator's key, and the validator will be slashed when the two sign different " +
  "blocks for one slot: stop one of them, then restart this node; if none of your other nodes has the key, it was " +
  "stolen: have the validator exit";

/**
 * Notices messages under this node's own key that it did not sign (SIGN-1 protects one node only). Slots that had begun
 * before the node started are left out: an earlier life of it, whose record may be lost, may have signed there.
 */
export class OwnKeyWatch {
  readonly #startedSeconds: number;
  readonly #foreign;
  #alarm: KeyAlarm | undefined;

  readonly #dependencies: OwnKeyWatchDependencies;

  constructor(
    dependencies: OwnKeyWatchDependencies,
    private readonly settings: { readonly time: TimeParameters },
  ) {
    this.#dependencies = dependencies;
    this.#startedSeconds = unixSeconds(dependencies.clock);
    this.#foreign = foreignSignatures(dependencies.meter);
  }

  /** Hears of each rightly signed message of a committee member that is new here. */
  seen(type: PayloadType, signer: EthAddress, record: SignedRecord): void {
    const { address, protection, logger } = this.#dependencies;
    if (signer !== address || slotStart(this.settings.time, record.slot) <= this.#startedSeconds) return;
    try {
      if (protection.hasSigned(address, type, record)) return;
    } catch (error) {
      // A record that cannot be read is this node's trouble: no alarm, and no verdict on the message.
      logger.verbose("cannot determine whether this node signed a message", {
        type,
        slot: record.slot,
        code: codeOf(error),
        error: messageOf(error),
      });
      return;
    }
    this.#alarm = { code: ValidatorErrorCode.KEY_USED_ELSEWHERE, reason: REASON };
    this.#foreign.add(1, { type });
    logger.error("this validator's key is in use on another node", {
      ...this.#alarm,
      type,
      slot: record.slot,
      address,
    });
  }

  /** For the rest of this node's life once there is one: an operator must look. */
  alarm(): KeyAlarm | undefined {
    return this.#alarm;
  }
}
