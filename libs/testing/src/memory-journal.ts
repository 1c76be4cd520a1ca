import type { Activity, ActivityJournal, ActivitySource, RecordedActivity } from "@sprtn/ports";

/** Keeps what was recorded, for tests to look at. */
export class MemoryJournal implements ActivityJournal, ActivitySource {
  readonly activities: RecordedActivity[] = [];
  readonly #listeners = new Set<(activity: RecordedActivity) => void>();

  constructor(private readonly nowMs: () => number = () => 0) {}

  record(activity: Activity): void {
    const recorded = { ...activity, atMs: this.nowMs() };
    this.activities.push(recorded);
    for (const tell of [...this.#listeners]) tell(recorded);
  }

  /** Those of a type, in order. */
  of<Type extends Activity["type"]>(type: Type): readonly Extract<RecordedActivity, { readonly type: Type }>[] {
    return this.activities.filter(
      (activity): activity is Extract<RecordedActivity, { readonly type: Type }> => activity.type === type,
    );
  }

  subscribe(listener: (activity: RecordedActivity) => void): () => void {
    const tell = (activity: RecordedActivity) => listener(activity);
    this.#listeners.add(tell);
    return () => void this.#listeners.delete(tell);
  }
}
