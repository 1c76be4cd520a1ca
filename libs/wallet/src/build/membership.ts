import { zeroHashes } from "@sprtn/merkle-trees";
import type { NodeApi } from "@sprtn/ports";
import { type Field, type FieldHasher, fieldFromBytes } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import { LruMap } from "@sprtn/runtime";
import type { StoredNote } from "../notes/stored-note.js";
import type { ScannedBlock } from "../scan/scan-state.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";

export interface Membership {
  /** Note hash root of the anchor block. */
  readonly root: Field;
  readonly notes: readonly { readonly note: StoredNote; readonly path: readonly Field[] }[];
}

const REMEMBERED_ROOTS = 16;

/** Asks the node for note hash roots and paths; whether they are right the circuit checks. */
export class MembershipSource {
  readonly #roots = new LruMap<Field, Field>(REMEMBERED_ROOTS);

  constructor(
    private readonly dependencies: { readonly node: Pick<NodeApi, "getNoteHashWitness">; readonly hasher: FieldHasher },
  ) {}

  /** @throws WalletError BAD_NODE_ANSWER when two notes' paths lead to different roots */
  async membership(notes: readonly StoredNote[], anchor: ScannedBlock): Promise<Membership> {
    if (notes.length === 0) return { root: await this.#root(anchor), notes: [] };
    const witnesses = await Promise.all(
      notes.map(note => this.dependencies.node.getNoteHashWitness(note.leafIndex, anchor.number)),
    );
    const roots = new Set(witnesses.map(witness => witness.root));
    const [root] = roots;
    if (root === undefined || roots.size > 1)
      throw new WalletError(
        WalletErrorCode.BAD_NODE_ANSWER,
        "the node's paths of two notes lead to different roots: sync and try again",
        { what: `note paths of block ${anchor.number}` },
      );
    return { root, notes: notes.map((note, i) => ({ note, path: witnesses[i]?.path ?? [] })) };
  }

  /** A transaction without notes needs the root alone: asked once a block, with any leaf's path. */
  async #root(anchor: ScannedBlock): Promise<Field> {
    const known = this.#roots.get(anchor.hash);
    if (known !== undefined) return known;
    const root =
      anchor.txsAfter === 0
        ? this.#emptyRoot()
        : (await this.dependencies.node.getNoteHashWitness(0n, anchor.number)).root;
    this.#roots.set(anchor.hash, root);
    return root;
  }

  #emptyRoot(): Field {
    return fieldFromBytes(
      zeroHashes(this.dependencies.hasher, constants.NOTE_HASH_TREE_DEPTH)[
        constants.NOTE_HASH_TREE_DEPTH
      ] as Uint8Array,
    );
  }
}
