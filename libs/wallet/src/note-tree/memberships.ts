import type { Field, FieldHasher } from "@sprtn/primitives";
import { LruMap } from "@sprtn/runtime";
import type { StoredNote } from "../notes/stored-note.js";
import type { ScannedBlock } from "../scan/scan-state.js";
import { frontierOf } from "../scan/scan-state.js";
import type { ScanStore } from "../scan/scan-store.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { rightEdge } from "./frontier.js";
import { pathAt } from "./note-path.js";

export interface Membership {
  /** Note hash root of the anchor block. */
  readonly root: Field;
  readonly notes: readonly { readonly note: StoredNote; readonly path: readonly Field[] }[];
}

const REMEMBERED_EDGES = 16;

/** Roots and paths from what the wallet has scanned: a node that was asked for them would learn what is to be spent. */
export class Memberships {
  readonly #edges = new LruMap<Field, readonly Field[]>(REMEMBERED_EDGES);

  readonly #dependencies: { readonly store: ScanStore; readonly hasher: FieldHasher };

  constructor(dependencies: { readonly store: ScanStore; readonly hasher: FieldHasher }) {
    this.#dependencies = dependencies;
  }

  /** @throws WalletError BAD_STORE */
  membership(notes: readonly StoredNote[], anchor: ScannedBlock): Membership {
    const { store, hasher } = this.#dependencies;
    const frontier = frontierOf(anchor);
    const edge = this.#edges.get(anchor.hash) ?? rightEdge(hasher, frontier);
    this.#edges.set(anchor.hash, edge);
    return {
      root: edge[edge.length - 1] as Field,
      notes: notes.map(note => {
        const path = store.path(note.uniqueHash);
        if (path === undefined)
          throw new WalletError(
            WalletErrorCode.BAD_STORE,
            "the wallet's store lacks a note's path: rescan, or restore a backup",
            { what: `leaf ${note.leafIndex}` },
          );
        return { note, path: pathAt(hasher, path, { frontier, edge }) };
      }),
    };
  }
}
