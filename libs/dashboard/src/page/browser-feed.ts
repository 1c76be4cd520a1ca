import type { FeedEvent, FeedState } from "@sprtn/feed";
import { FeedFollower, type FeedPorts, type Stream, type StreamListener } from "../figures/follow-feed.js";
import { clockMs, followed } from "./store.js";

/** A hidden tab gives its connection back: a browser opens six to a host. */
const HIDDEN_MS = 30_000;

const ports: FeedPorts = {
  fetchSnapshot: async () => {
    const answer = await fetch("/ui/snapshot", { cache: "no-store" });
    if (!answer.ok) throw new TypeError(`GET /ui/snapshot: ${answer.status}`);
    return (await answer.json()) as FeedState;
  },
  openStream,
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  nowMs: () => Date.now(),
  reload: () => reloadOnce(),
};

function openStream(listener: StreamListener, since: number | null): Stream {
  const source = new EventSource(since === null ? "/ui/events" : `/ui/events?since=${since}`);
  const told = (take: (data: never) => void) => (message: MessageEvent<string>) => {
    try {
      take(JSON.parse(message.data) as never);
    } catch {
      // A message that is no JSON of ours is as good as none: a snapshot sets it right.
      listener.resync();
    }
  };
  source.addEventListener(
    "message",
    told((event: FeedEvent) => listener.event(event)),
  );
  source.addEventListener(
    "time",
    told(({ atMs }: { atMs: number }) => listener.time(atMs)),
  );
  source.addEventListener("resync", () => listener.resync());
  source.addEventListener("error", () => listener.lost());
  return { close: () => source.close() };
}

/** A server that goes on serving a page of another version must not make it load for ever. */
function reloadOnce(): void {
  const key = "sprtn.reloaded";
  try {
    if (Date.now() - Number(sessionStorage.getItem(key)) < 60_000) return;
    sessionStorage.setItem(key, String(Date.now()));
  } catch {
    return;
  }
  location.reload();
}

/** The state that the server wrote into the page; null if it did not. */
function writtenState(): FeedState | null {
  const text = document.getElementById("snapshot")?.textContent ?? "";
  try {
    return JSON.parse(text) as FeedState;
  } catch {
    return null;
  }
}

/** Follows the node as long as somebody looks, and moves the clock. */
export function followNode(): void {
  let latest = followed.value;
  let isDue = false;
  const show = () => {
    isDue = false;
    followed.value = latest;
  };
  const follower = new FeedFollower(ports, next => {
    latest = next;
    if (followed.value.state === null) return show();
    // Once a frame, however many events come; and a tab that nobody sees has no frames.
    if (!isDue) requestAnimationFrame(show);
    isDue = true;
  });
  follower.start(writtenState());
  let [ticking, hiding] = [0, 0];
  const tick = () => {
    clockMs.value = Date.now();
    ticking = setTimeout(tick, 1000 - ((Date.now() + followed.value.clockOffsetMs) % 1000));
  };
  const look = () => {
    clearTimeout(ticking);
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(() => follower.pause(), HIDDEN_MS);
    else {
      tick();
      follower.resume();
    }
  };
  document.addEventListener("visibilitychange", look);
  globalThis.addEventListener("online", () => follower.retryNow());
  look();
}
