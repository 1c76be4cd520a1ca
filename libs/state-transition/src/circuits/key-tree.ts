import { type Field, type FieldHasher, fieldFromBytes, fieldToBytes, sha256ToField } from "@sprtn/primitives";
import { AppendOnlyTree, MemoryNodeStore, packFields, rootFromPath, unpackFields } from "@sprtn/merkle-trees";
import { type CircuitName, circuitNames, constants, DomainSeparator } from "@sprtn/protocol";
import { constrain } from "./circuit-error.js";

/** A key's hash with its place in the key tree. */
export interface KeyWitness {
  readonly index: number;
  readonly keyHash: Field;
  readonly path: readonly Field[];
}

/** Hash of the key that stands in for a circuit's while proofs are simulated. */
export function simulatedKeyHash(circuit: CircuitName): Field {
  return sha256ToField(new TextEncoder().encode(`sprtn.simulated-key:${circuit}`));
}

/** The tree of verification keys (`libs/protocol/spec/circuits.md`, "Keys"): its root is what L1 pins. */
export class KeyTree {
  readonly #tree: AppendOnlyTree;

  constructor(
    hasher: FieldHasher,
    readonly keyHashes: Readonly<Record<CircuitName, Field>>,
  ) {
    this.#tree = new AppendOnlyTree({ store: new MemoryNodeStore(), hasher }, { depth: constants.KEY_TREE_DEPTH });
    this.#tree.append(packFields(circuitNames.map(name => keyLeaf(hasher, keyHashes[name]))));
  }

  static simulated(hasher: FieldHasher): KeyTree {
    return new KeyTree(
      hasher,
      Object.fromEntries(circuitNames.map(name => [name, simulatedKeyHash(name)])) as Record<CircuitName, Field>,
    );
  }

  root(): Field {
    return fieldFromBytes(this.#tree.root());
  }

  witness(circuit: CircuitName): KeyWitness {
    const index = circuitNames.indexOf(circuit);
    return { index, keyHash: this.keyHashes[circuit], path: unpackFields(this.#tree.path(index)) };
  }
}

function keyLeaf(hasher: FieldHasher, keyHash: Field): Field {
  return hasher.hash([DomainSeparator.KEY_TREE_LEAF, keyHash]);
}

/** A child's key must be in the key tree at an index allowed for its position. Returns the circuit it is the key of. */
export function checkKey(
  hasher: FieldHasher,
  key: KeyWitness,
  { keyTreeRoot, allowed }: { readonly keyTreeRoot: Field; readonly allowed: readonly CircuitName[] },
): CircuitName {
  const circuit = circuitNames[key.index];
  constrain(circuit !== undefined && allowed.includes(circuit), "key index is not allowed in this position");
  const root = fieldFromBytes(
    rootFromPath(hasher, fieldToBytes(keyLeaf(hasher, key.keyHash)), key.index, packFields(key.path)),
  );
  constrain(key.path.length === constants.KEY_TREE_DEPTH && root === keyTreeRoot, "key is not in the key tree");
  return circuit;
}
