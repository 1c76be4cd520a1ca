import type { Field } from "@sprtn/primitives";
import type { Arrival } from "../arrivals/draw-arrivals.js";
import type { MeasuredStage } from "../report/load-report.js";
import type { ChainStage, TxListener } from "./tx-tracker.js";

/** How a payment ended that is on no chain. */
export interface Failure {
  readonly what: "unsent" | "refused" | "dropped" | "lost";
  readonly code: string;
}

/** Hears when a payment reaches a stage for the first time; moments are `clock.steadyMs`. */
export type StageListener = (payment: LoadPayment, stage: MeasuredStage, atMs: number) => void;

/** One payment from the moment at which it is due to its end. */
export class LoadPayment implements TxListener {
  /** Of the transaction; absent before it was made. */
  hash: Field | undefined;
  failure: Failure | undefined;
  /** The code with which its submission ended without an answer: it may have arrived. */
  unanswered: string | undefined;
  reverted = false;
  /** `clock.steadyMs`; absent before it left. */
  sentAt: number | undefined;
  readonly #seen = new Set<MeasuredStage>();
  /** Chains that its block is part of now. */
  readonly #on = new Set<ChainStage>();

  constructor(
    readonly arrival: Arrival,
    /** `clock.steadyMs` */
    readonly dueAt: number,
    private readonly listener: StageListener,
  ) {}

  /** Whether it warms up only. */
  get isWarmup(): boolean {
    return this.arrival.atMs < 0;
  }

  get isSent(): boolean {
    return this.sentAt !== undefined;
  }

  /** Whether its block is part of that chain now. */
  isOn(chain: ChainStage): boolean {
    return this.#on.has(chain);
  }

  left(atMs: number): void {
    this.sentAt = atMs;
    this.#see("sent", atMs);
  }

  accepted(atMs: number): void {
    this.#see("accepted", atMs);
  }

  onStage(stage: ChainStage, atMs: number, reverted: boolean): void {
    this.reverted = reverted;
    this.failure = undefined;
    this.#on.add(stage);
    this.#see(stage, atMs);
  }

  onRemoved(): void {
    this.#on.clear();
  }

  #see(stage: MeasuredStage, atMs: number): void {
    if (this.#seen.has(stage)) return;
    this.#seen.add(stage);
    this.listener(this, stage, atMs);
  }
}
