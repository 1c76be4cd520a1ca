import { privateKeyFrom } from "@sprtn/l1-client";
import { PrometheusMeter } from "@sprtn/observability";
import { type Bytes32, fromHex, sha256ToField, uintToBytes } from "@sprtn/primitives";
import type { EpochProofSource, KvStore } from "@sprtn/ports";
import { Lifecycle } from "@sprtn/runtime";
import { DiskReporter, MemoryKvStore, openStore, SlicedKvStore } from "@sprtn/storage";
import type { StoreName } from "../assemble/stores.js";
import { type Companions, openCompanions } from "../companions.js";
import type { ReplacePorts } from "../container/node-container.js";
import { ports } from "../container/node-tokens.js";
import { createNode, type CreatedNode } from "../create-node.js";
import { DeploymentCheck } from "../deployment-check.js";
import type { NodeOptions } from "../node-options.js";
import { RpcPortCheck } from "../port-check.js";
import { RecordStore, requireRecordPlace } from "../record-place.js";
import { openProofSystem, type ProofSystem } from "../proof-system.js";
import type { ProcessResources } from "../process-resources.js";
import { WiringError, WiringErrorCode } from "../wiring-error.js";
import { type DenseChain, openDenseChain } from "./dense-chain.js";
import type { DenseRange } from "./dense-range.js";
import { forgetfulStore } from "./forgetful-store.js";
import { LaggedChain, LaggedState } from "./lagged-chain.js";
import { SharedExecutions } from "./shared-executions.js";
import { SharedRecovery } from "./shared-recovery.js";
import { SharedTxs } from "./shared-txs.js";
import { SharedVerdicts } from "./shared-verdicts.js";

/** Validators that start together. */
const WAVE = 8;
/** Neighbours in the process that a validator dials at first; gossip and discovery bring others. */
const FIRST_PEERS = 4;

/** Place of a store in a validator's slice. */
const slices: Readonly<Partial<Record<StoreName, number>>> = { pool: 1, p2p: 3, sentinel: 4 };
/** In front of a key's address: no number of a validator begins with it. */
const RECORDS = 255;

/** Which validators a process runs, as which node. */
export interface DenseOptions {
  readonly node: NodeOptions;
  readonly range: DenseRange;
  /** Of validator number i. */
  readonly keyOf: (number: number) => Bytes32;
  readonly remoteProver?: EpochProofSource | undefined;
}

/** What is done once for all, because it is a function of bytes. */
interface SharedWork {
  readonly executor: SharedExecutions;
  readonly recovery: SharedRecovery;
  readonly txDecoder: SharedTxs;
}

/** The keys of a mnemonic, from `index` on. */
export function denseKeys(mnemonic: string, index: number): (number: number) => Bytes32 {
  return number => privateKeyFrom({ mnemonic, index: index + number });
}

/**
 * Many validators in one process, on a chain that they share, each with its own key, libp2p host, pool and record of
 * what it has signed (ADR 0057 tells what that makes of measurements). RPC answers for the first of them.
 */
export class DenseValidators {
  readonly #process: ProcessResources;
  readonly #options: DenseOptions;
  readonly #nodes: CreatedNode[] = [];
  #chain: DenseChain | undefined;
  #proofs: ProofSystem | undefined;
  #store: KvStore | undefined;
  #companions: Companions | undefined;
  #services: Lifecycle | undefined;

  constructor(dependencies: ProcessResources, options: DenseOptions) {
    this.#process = dependencies;
    this.#options = options;
  }

  /** Where RPC answers, once it has started. */
  readonly rpcUrl = (): string => this.#companions?.rpc.url ?? "";

  /** In the order of their numbers. */
  get nodes(): readonly CreatedNode[] {
    return this.#nodes;
  }

  /** @throws WiringError, DeploymentError, StorageError, and what the parts of a node throw */
  async start(signal: AbortSignal): Promise<void> {
    try {
      await this.#start(signal);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#services?.stop();
    await this.#companions?.close();
    await Promise.all(this.#nodes.splice(0).map(node => node.stop()));
    await this.#chain?.stop();
    await this.#proofs?.close();
    await this.#store?.close();
    this.#services = undefined;
    this.#companions = undefined;
    this.#chain = undefined;
    this.#proofs = undefined;
    this.#store = undefined;
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { clock, hasher, logger } = this.#process;
    const { node, range } = this.#options;
    const { settings, deployment } = node;
    requireRecordPlace(settings.storage, RecordStore.DENSE);
    this.#store = await openStore(settings.storage, RecordStore.DENSE, new DiskReporter(logger.child("storage")));
    await new RpcPortCheck(settings.rpc).start();
    const system = await openProofSystem({ clock, hasher, logger }, settings.circuits, deployment);
    this.#proofs = { ...system, backend: new SharedVerdicts({ backend: system.backend, clock }) };
    const metrics = new PrometheusMeter();
    const environment = { ...this.#process, meter: metrics, proofs: this.#proofs };
    this.#chain = await openDenseChain(environment, node);
    const endpoints = this.#chain.container.get(ports.endpoints);
    await new DeploymentCheck({ endpoints, logger }, { deployment }).start();
    await this.#chain.start(signal);
    const { executor, recovery, txDecoder } = this.#chain.container.ports;
    const work: SharedWork = {
      executor: new SharedExecutions({ own: executor, clock, logger: logger.child("dense") }),
      recovery: new SharedRecovery({ own: recovery }),
      txDecoder: new SharedTxs({ own: txDecoder }),
    };
    // The first one alone, so that each later one has somebody to dial.
    for (let first = range.first, size = 1; first <= range.last; first += size, size = WAVE) {
      const wave = Array.from({ length: Math.min(size, range.last - first + 1) }, (_, i) => first + i);
      const created = await Promise.all(
        wave.map(number =>
          createNode(
            { ...environment, meter: number === range.first ? metrics : new PrometheusMeter(), ...this.#remote() },
            this.#nodeOptions(number, work),
          ),
        ),
      );
      this.#nodes.push(...created);
      await Promise.all(created.map(each => each.start(signal)));
    }
    const [served, ...others] = this.#nodes;
    if (served === undefined) return;
    this.#companions = await openCompanions({ process: this.#process, node: served, others, metrics }, {});
    this.#services = new Lifecycle({ services: this.#companions.services });
    await this.#services.start(signal);
  }

  #remote(): { readonly remoteProver?: EpochProofSource } {
    const { remoteProver } = this.#options;
    return remoteProver === undefined ? {} : { remoteProver };
  }

  /** Addresses of some that run already, each validator's own choice. */
  #neighbours(number: number): readonly string[] {
    const running = this.#nodes.length;
    const places = new Set(
      Array.from({ length: Math.min(FIRST_PEERS, running) }, (_, i) => Number(draw(number, i) % BigInt(running))),
    );
    return [...places].flatMap(place => this.#nodes[place]?.parts.network.addresses()[0] ?? []);
  }

  #nodeOptions(number: number, work: SharedWork): NodeOptions {
    const { node, range, keyOf } = this.#options;
    const { settings } = node;
    const served = number === range.first;
    const anyPort = { ...settings.p2p.tcpListen, port: 0 };
    return {
      ...node,
      name: `${node.name}-${number}`,
      density: range.last - range.first + 1,
      validatorKey: keyOf(number),
      replacePorts: this.#replacePorts(number, work),
      settings: {
        ...settings,
        p2p: {
          ...settings.p2p,
          ...(served ? {} : { tcpListen: anyPort, udpListen: anyPort, peerIdPrivateKey: undefined }),
          bootstrapNodes: [...settings.p2p.bootstrapNodes, ...this.#neighbours(number)],
        },
        // One of them watches; all would see the same.
        sentinel: { ...settings.sentinel, enabled: settings.sentinel.enabled && served },
      },
    };
  }

  #replacePorts(number: number, work: SharedWork): ReplacePorts {
    const { clock, logger } = this.#process;
    const { node, range } = this.#options;
    const shared = this.#chain;
    const store = this.#store;
    if (shared === undefined || store === undefined)
      throw new WiringError(WiringErrorCode.NO_NETWORK, "the shared chain is not open: start these validators first");
    const { executor, recovery, txDecoder } = work;
    const { everyMs, phaseMs } = lookingTimes(number, node.settings.archiver.pollingIntervalMs);
    return replacing => {
      const { bind } = replacing;
      for (const token of [ports.endpoints, ports.l1, ports.committeeSource, ports.rollup] as const)
        bind<unknown>(token, () => shared.container.get<unknown>(token));
      bind(ports.heads, () => shared.container.get(ports.heads));
      bind(ports.openChain, () => async () => {
        const chain = new LaggedChain(
          { chain: shared.chain, clock, logger: logger.child(node.name) },
          { everyMs, phaseMs },
        );
        const worldState = new LaggedState(shared.chain.worldState, chain);
        return { ...shared.chain, archiver: chain, worldState };
      });
      bind(ports.executor, () => executor);
      bind(ports.recovery, () => recovery);
      bind(ports.txDecoder, () => txDecoder);
      bind(ports.openStore, get => async (name: StoreName) => {
        // SIGN-1: what a key has signed is found by the key, whichever number it has today.
        if (name === "validator")
          return new SlicedKvStore(
            { store },
            { prefix: Uint8Array.of(RECORDS, ...fromHex(get(ports.signer).address)) },
          );
        const slice = slices[name];
        if (slice === undefined) return new MemoryKvStore();
        // What RPC has acknowledged is never lost; the other pools hold the same, and are filled again by gossip.
        if (name === "pool" && number !== range.first) return forgetfulStore;
        return new SlicedKvStore({ store }, { prefix: Uint8Array.of(...uintToBytes(number, 2), slice) });
      });
      node.replacePorts?.(replacing);
    };
  }
}

/** When validator `number` looks at L1: its own moments, the same after a restart. */
function lookingTimes(number: number, everyMs: number): { readonly everyMs: number; readonly phaseMs: number } {
  return { everyMs, phaseMs: Number(draw(number, 0) % BigInt(Math.max(1, Math.floor(everyMs)))) };
}

/** A number that looks random and is always the same for the same place. */
function draw(number: number, nth: number): bigint {
  return sha256ToField(Uint8Array.of(...uintToBytes(number, 4), nth));
}
