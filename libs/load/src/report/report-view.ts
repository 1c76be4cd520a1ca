import type { LoadKind, MeasuredStage } from "./load-report.js";

/** What the page's charts are drawn from: a report's figures, merged to what a screen can show. Times in ms. */
export interface ReportView {
  readonly fromMs: number;
  readonly toMs: number;
  /** The end of the offered window. */
  readonly offeredMs: number;
  readonly faults: readonly { readonly label: string; readonly fromMs: number; readonly toMs: number }[];
  /** Payments a second. `at`: the middle of each stretch. */
  readonly rates: Readonly<Record<"at" | "asked" | "sent" | "pending" | "proven", readonly number[]>>;
  /** `share` of the payments that reached a stage within each of `ms`. */
  readonly latency: {
    readonly ms: readonly number[];
    readonly curves: readonly {
      readonly stage: MeasuredStage;
      readonly kind: LoadKind | "all";
      readonly share: readonly number[];
    }[];
  };
  /** Payments by when they reached a stage and after how long; `cells`: column, row and count, one after another. */
  readonly heat: {
    readonly stepMs: number;
    /** Lower bounds of the rows and the last one's upper bound. */
    readonly bounds: readonly number[];
    readonly stages: readonly { readonly stage: MeasuredStage; readonly cells: readonly number[] }[];
  };
  /** One letter a slot: its outcome's first, `-` for a block without transactions. */
  readonly slots: { readonly at: readonly number[]; readonly widthMs: number; readonly outcomes: string };
  /** ms after the slot's start; null where nothing was seen. */
  readonly blocks: {
    readonly at: readonly number[];
    readonly proposal: readonly (number | null)[];
    readonly quorum: readonly (number | null)[];
    readonly l1: readonly (number | null)[];
  };
  readonly nodes: readonly {
    readonly name: string;
    readonly at: readonly number[];
    readonly cores: readonly number[];
    /** MB */
    readonly rss: readonly number[];
    readonly lag: readonly number[];
    readonly pool: readonly number[];
  }[];
}
