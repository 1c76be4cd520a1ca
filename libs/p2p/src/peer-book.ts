import type { Clock } from "@sprtn/ports";

export type Direction = "inbound" | "outbound";

/** A connected peer. */
export interface PeerEntry {
  readonly peer: string;
  readonly direction: Direction;
  readonly connectedAtMs: number;
  agent?: string;
  /** Set when the peer has shown that it belongs to this network. */
  accepted?: { readonly atMs: number };
  /** Whether a status exchange that this node began is under way. */
  asking: boolean;
}

/** The connected peers, and which of them this node has checked. */
export class PeerBook {
  readonly #clock: Clock;
  readonly #entries = new Map<string, PeerEntry>();

  constructor(dependencies: { readonly clock: Clock }) {
    this.#clock = dependencies.clock;
  }

  connected(peer: string, direction: Direction): PeerEntry {
    const entry: PeerEntry = { peer, direction, connectedAtMs: this.#clock.steadyMs(), asking: false };
    this.#entries.set(peer, entry);
    return entry;
  }

  disconnected(peer: string): PeerEntry | undefined {
    const entry = this.#entries.get(peer);
    this.#entries.delete(peer);
    return entry;
  }

  /** Notes that the peer's status was right; true if it was not accepted before. False too for one that is gone. */
  accept(peer: string): boolean {
    const entry = this.#entries.get(peer);
    if (!entry) return false;
    const isNew = entry.accepted === undefined;
    entry.accepted = { atMs: this.#clock.steadyMs() };
    return isNew;
  }

  get(peer: string): PeerEntry | undefined {
    return this.#entries.get(peer);
  }

  all(): readonly PeerEntry[] {
    return [...this.#entries.values()];
  }

  /** Peers that this node dialled. */
  get outbound(): number {
    return this.all().filter(({ direction }) => direction === "outbound").length;
  }

  get size(): number {
    return this.#entries.size;
  }

  clear(): void {
    this.#entries.clear();
  }
}
