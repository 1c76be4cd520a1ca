import type { FeedSource, FeedText } from "@sprtn/ports";

/** A feed that tells what a test says. */
export class ScriptedFeed implements FeedSource {
  state = '{"seq":3,"text":"</script><script>alert(1)</script> $& $1"}';
  readonly events: FeedText[] = [1, 2, 3].map(seq => ({ seq, json: `{"seq":${seq}}` }));
  readonly listeners = new Set<(event: FeedText) => void>();

  snapshot(): string {
    return this.state;
  }

  since(seq: number): readonly FeedText[] | undefined {
    return seq < 0 || seq > this.events.length ? undefined : this.events.slice(seq);
  }

  subscribe(listener: (event: FeedText) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(json = "{}"): void {
    const event = { seq: this.events.length + 1, json };
    this.events.push(event);
    for (const listener of this.listeners) listener(event);
  }
}
