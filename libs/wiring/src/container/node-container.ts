import {
  EthersCommitteeSource,
  EthersL1Publisher,
  EthersL1Reader,
  EthersRollupView,
  L1Endpoints,
  L1Heads,
  PrivateKeySigner,
  Secp256k1Recovery,
} from "@sprtn/l1-client";
import { BroadcastJournal } from "@sprtn/observability";
import { type Bytes32, L1BlockNumber } from "@sprtn/primitives";
import { decodeTx } from "@sprtn/protocol";
import { DiskReporter, openStore } from "@sprtn/storage";
import { executeHere } from "@sprtn/validator";
import { container as processContainer, type DependencyContainer } from "tsyringe";
import { assembleChain } from "../assemble/chain.js";
import { assembleNetwork } from "../assemble/network.js";
import type { NodePorts } from "../assemble/node-ports.js";
import { L1Senders } from "../l1-senders.js";
import type { NodeOptions } from "../node-options.js";
import { openQueue } from "../open-queue.js";
import type { NodeEnvironment } from "../process-resources.js";
import { openProofSystem } from "../proof-system.js";
import { WiringError, WiringErrorCode } from "../wiring-error.js";
import { ports } from "./node-tokens.js";
import { type Bind, binder, type Get, getter } from "./token.js";

/** What replaces ports of a node: it runs once for each node, before anything asks for a port. */
export type ReplacePorts = (node: {
  /** Binds another factory to a port. Whatever uses the port gets what that makes. */
  readonly bind: Bind;
  /** The port as it would be without a replacement, for those that wrap it. */
  readonly original: Get;
  readonly options: NodeOptions;
}) => void;

/** The container of one node: its ports, the replaced ones included. */
export interface NodeContainer {
  readonly get: Get;
  /** All ports, each made when it is first read. */
  readonly ports: NodePorts;
  readonly container: DependencyContainer;
}

/** Binds a node's ports to the adapters of this process, then to what the options replace them with. */
export function createNodeContainer(environment: NodeEnvironment, options: NodeOptions): NodeContainer {
  const originals = processContainer.createChildContainer();
  const container = originals.createChildContainer();
  const get = getter(container);
  const bind = binder(originals, get);
  bindProcess(bind, environment, options);
  bindL1(bind, options);
  bindKeys(bind, options);
  bindOpened(bind, environment, options);
  options.replacePorts?.({ bind: binder(container, get), original: getter(originals), options });
  return { get, ports: portsBy(get), container };
}

function bindProcess(bind: Bind, environment: NodeEnvironment, { name }: NodeOptions): void {
  bind(ports.clock, () => environment.clock);
  bind(ports.random, () => environment.random);
  bind(ports.hasher, () => environment.hasher);
  bind(ports.logger, () => environment.logger.child(name));
  bind(ports.meter, () => environment.meter);
  bind(
    ports.journal,
    get => new BroadcastJournal({ clock: get(ports.clock), logger: get(ports.logger).child("journal") }),
  );
  bind(ports.recovery, () => new Secp256k1Recovery());
}

function bindL1(bind: Bind, { deployment, settings }: NodeOptions): void {
  const { contracts, parameters } = deployment;
  const { maxClockSkewSeconds, slotSeconds, pollingIntervalMs } = settings.l1;
  const logger = (get: Get) => get(ports.logger).child("l1");
  bind(ports.endpoints, get => new L1Endpoints({ clock: get(ports.clock), logger: logger(get) }, settings.l1));
  bind(
    ports.heads,
    get =>
      new L1Heads(
        { clock: get(ports.clock), logger: logger(get), meter: get(ports.meter) },
        { maxClockSkewSeconds, slotSeconds },
      ),
  );
  bind(
    ports.l1,
    get =>
      new EthersL1Reader(
        { endpoints: get(ports.endpoints) },
        { contracts, startBlock: L1BlockNumber(deployment.l1StartBlock) },
      ),
  );
  bind(ports.rollup, get => new EthersRollupView({ endpoints: get(ports.endpoints) }, { contracts, parameters }));
  bind(
    ports.committeeSource,
    get => new EthersCommitteeSource({ endpoints: get(ports.endpoints) }, { contracts, time: parameters }),
  );
  bind(
    ports.senders,
    get =>
      new L1Senders(
        {
          endpoints: get(ports.endpoints),
          clock: get(ports.clock),
          logger: get(ports.logger).child("publisher"),
          l1Time: get(ports.heads),
        },
        { ...settings.l1Publisher, pollingIntervalMs },
      ),
  );
  bind(
    ports.publisherOf,
    get => signer =>
      new EthersL1Publisher(
        { sender: get(ports.senders).of(signer), endpoints: get(ports.endpoints) },
        { contracts, committeeSize: parameters.committeeSize },
      ),
  );
}

function bindKeys(bind: Bind, { validatorKey, proverKey }: NodeOptions): void {
  const signerOf = (privateKey: Bytes32 | undefined, missing: string) => {
    if (privateKey === undefined) throw new WiringError(WiringErrorCode.KEY_MISSING, missing);
    return new PrivateKeySigner({}, { privateKey });
  };
  bind(ports.signer, () =>
    signerOf(
      validatorKey,
      "a sequencer needs its validator's key: give SEQ_PUBLISHER_PRIVATE_KEY, or MNEMONIC with MNEMONIC_INDEX",
    ),
  );
  bind(ports.proverSigner, () =>
    signerOf(
      proverKey,
      "a prover node needs a key that pays for its proofs: give PROVER_PUBLISHER_PRIVATE_KEY, " +
        "SEQ_PUBLISHER_PRIVATE_KEY or MNEMONIC",
    ),
  );
}

function bindOpened(bind: Bind, environment: NodeEnvironment, { deployment, settings }: NodeOptions): void {
  bind(ports.openStore, get => {
    const reporter = new DiskReporter(get(ports.logger).child("storage"));
    return name => openStore(settings.storage, name, reporter);
  });
  bind(ports.openChain, get => {
    const own = {
      l1: get(ports.l1),
      heads: get(ports.heads),
      committeeSource: get(ports.committeeSource),
      hasher: get(ports.hasher),
      clock: get(ports.clock),
      logger: get(ports.logger),
      meter: get(ports.meter),
    };
    return parts => assembleChain(own, parts, { deployment, archiver: settings.archiver });
  });
  bind(ports.executor, () => executeHere);
  bind(ports.txDecoder, get => {
    const hasher = get(ports.hasher);
    return { decode: bytes => decodeTx(hasher, bytes) };
  });
  bind(ports.openNetwork, get => {
    const own = {
      clock: get(ports.clock),
      random: get(ports.random),
      logger: get(ports.logger),
      meter: get(ports.meter),
    };
    return parts => assembleNetwork(own, parts, { deployment, p2p: settings.p2p, role: "node" });
  });
  bind(ports.openProofs, get => async () => {
    const { proofs } = environment;
    // Their owner closes them.
    if (proofs !== undefined) return { ...proofs, close: async () => {} };
    const own = { clock: get(ports.clock), hasher: get(ports.hasher), logger: environment.logger };
    return openProofSystem(own, settings.circuits, deployment);
  });
  bind(ports.openQueue, get => {
    const own = {
      clock: get(ports.clock),
      random: get(ports.random),
      hasher: get(ports.hasher),
      logger: get(ports.logger).child("broker"),
      meter: get(ports.meter),
    };
    return parts => openQueue({ ...own, ...parts }, { deployment, queue: settings.queue });
  });
  bind(ports.remoteProver, () => environment.remoteProver);
}

/** The ports as an object whose properties are asked for when they are read. */
function portsBy(get: Get): NodePorts {
  const read: Record<string, PropertyDescriptor> = {};
  for (const [name, from] of Object.entries(ports)) read[name] = { get: () => get<unknown>(from), enumerable: true };
  return Object.defineProperties({}, read) as NodePorts;
}
