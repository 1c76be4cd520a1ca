// Three ports of a node, each replaced by one's own: here they count what passes through them.
import type { L1Reader, Proof, ProofBackend, Signer } from "@sprtn/ports";
import type { Bytes32, EthAddress, L1BlockNumber } from "@sprtn/primitives";
import { ports, type ReplacePorts } from "@sprtn/wiring";

/** What the replaced ports have seen. */
export class Counts {
  l1Questions = 0;
  signatures = 0;
  proofsChecked = 0;

  toString(): string {
    return `${this.l1Questions} questions to L1, ${this.signatures} signatures, ${this.proofsChecked} proofs checked`;
  }
}

/** Reads L1 by another reader. One's own might ask an indexer, or a node in the same process. */
class CountingReader implements L1Reader {
  constructor(
    private readonly inner: L1Reader,
    private readonly counts: Counts,
  ) {}

  head(): ReturnType<L1Reader["head"]> {
    return this.#asked().head();
  }

  finalized(): ReturnType<L1Reader["finalized"]> {
    return this.#asked().finalized();
  }

  block(number: L1BlockNumber): ReturnType<L1Reader["block"]> {
    return this.#asked().block(number);
  }

  events(from: L1BlockNumber, to: L1BlockNumber): ReturnType<L1Reader["events"]> {
    return this.#asked().events(from, to);
  }

  stateAt(...at: Parameters<L1Reader["stateAt"]>): ReturnType<L1Reader["stateAt"]> {
    return this.#asked().stateAt(...at);
  }

  turnAway(): void {
    this.inner.turnAway();
  }

  #asked(): L1Reader {
    this.counts.l1Questions++;
    return this.inner;
  }
}

/** Signs with another signer. One's own might keep the key in a hardware module. */
class CountingSigner implements Signer {
  constructor(
    private readonly inner: Signer,
    private readonly counts: Counts,
  ) {}

  get address(): EthAddress {
    return this.inner.address;
  }

  sign(digest: Bytes32): Uint8Array {
    this.counts.signatures++;
    return this.inner.sign(digest);
  }
}

/** Makes and checks proofs with another backend. One's own might run on a GPU elsewhere. */
class CountingBackend implements ProofBackend {
  constructor(
    private readonly inner: ProofBackend,
    private readonly counts: Counts,
  ) {}

  get mode(): ProofBackend["mode"] {
    return this.inner.mode;
  }

  prove(...job: Parameters<ProofBackend["prove"]>): Promise<Proof> {
    return this.inner.prove(...job);
  }

  verify(proof: Proof): Promise<boolean> {
    this.counts.proofsChecked++;
    return this.inner.verify(proof);
  }
}

/** Binds them in a node's container. `original` gives the port that is replaced, for those that wrap it. */
export function countingPorts(counts: Counts): ReplacePorts {
  return ({ bind, original }) => {
    bind(ports.l1, () => new CountingReader(original(ports.l1), counts));
    bind(ports.signer, () => new CountingSigner(original(ports.signer), counts));
    bind(ports.openProofs, () => async () => {
      const system = await original(ports.openProofs)();
      return { ...system, backend: new CountingBackend(system.backend, counts) };
    });
  };
}
