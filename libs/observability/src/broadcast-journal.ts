import { messageOf } from "@sprtn/primitives";
import type { Activity, ActivityJournal, ActivitySource, Clock, Logger, RecordedActivity } from "@sprtn/ports";

/** Tells whoever subscribes what a node does. It keeps nothing itself. */
export class BroadcastJournal implements ActivityJournal, ActivitySource {
  readonly #listeners = new Set<{ readonly tell: (activity: RecordedActivity) => void }>();
  readonly #dependencies: { readonly clock: Clock; readonly logger: Logger };

  constructor(dependencies: { readonly clock: Clock; readonly logger: Logger }) {
    this.#dependencies = dependencies;
  }

  record(activity: Activity): void {
    if (this.#listeners.size === 0) return;
    const { clock, logger } = this.#dependencies;
    const recorded = { ...activity, atMs: clock.nowMs() };
    for (const { tell } of [...this.#listeners]) {
      try {
        tell(recorded);
      } catch (error) {
        logger.error("a reader of the activity journal failed: this is a bug, please report it", {
          activity: activity.type,
          reason: messageOf(error),
        });
      }
    }
  }

  subscribe(listener: (activity: RecordedActivity) => void): () => void {
    const entry = { tell: listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }
}
