import { Lifecycle, type NamedService } from "@sprtn/runtime";
import type { EpochProofSource, Service } from "@sprtn/ports";
import type { TxPool } from "@sprtn/tx-pool";
import type { NodeService } from "@sprtn/node-service";
import type { ProofSubmitter } from "@sprtn/prover";
import type { Sentinel } from "@sprtn/sentinel";
import type { ChainParts } from "./assemble/chain.js";
import type { Network } from "./assemble/network.js";
import type { NodePorts } from "./assemble/node-ports.js";
import { assembleNodeService } from "./assemble/node-service.js";
import { assemblePool } from "./assemble/pool.js";
import { assembleProver, assembleSubmitter, type ProverParts } from "./assemble/prover.js";
import { assembleSequencer, type SequencerParts } from "./assemble/sequencer.js";
import { assembleSentinel } from "./assemble/sentinel.js";
import { openStores, type Stores } from "./assemble/stores.js";
import { assembleValidator, openSigningKey, type SigningKey, type ValidatorParts } from "./assemble/validator.js";
import { attests, requireTestNetwork } from "./attests.js";
import { feeRecipientOf } from "./fee-recipient.js";
import type { NodeOptions } from "./node-options.js";
import type { ProofSystem } from "./proof-system.js";

/** What a node consists of. Parts of a role are absent without it. */
export interface NodeParts {
  readonly stores: Stores;
  readonly chain: ChainParts;
  readonly network: Network;
  readonly proofs: ProofSystem;
  readonly pool: TxPool;
  readonly key?: SigningKey | undefined;
  readonly validator: ValidatorParts;
  readonly sequencer?: SequencerParts | undefined;
  readonly prover?: ProverParts | undefined;
  /** Sends the proofs of the epochs that this validator coordinates. */
  readonly coordinator?: ProofSubmitter | undefined;
  /** Watches who does its duty. */
  readonly sentinel?: Sentinel | undefined;
  readonly nodeService: NodeService;
}

/** A node that is put together and not started yet. Stopping it closes what was opened for it. */
export interface AssembledNode extends Service {
  readonly parts: NodeParts;
}

/**
 * Puts a node together from its ports alone: first what takes time to open, then the parts, then the services in the
 * order in which they start. What was opened is closed again if the rest fails.
 * @throws WiringError KEY_MISSING, FAULT_REFUSED; StorageError, WorldStateError; what opening proofs or queue throws
 */
export async function assembleNode(ports: NodePorts, options: NodeOptions): Promise<AssembledNode> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closing.splice(0).toReversed()) await closeOne();
  };
  try {
    const parts = await assembleParts(ports, options, closing);
    const lifecycle = new Lifecycle({ services: servicesOf(parts) });
    return {
      parts,
      start: signal => lifecycle.start(signal),
      stop: async () => {
        await lifecycle.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function assembleParts(
  ports: NodePorts,
  options: NodeOptions,
  closing: (() => Promise<void>)[],
): Promise<NodeParts> {
  const { roles, deployment } = options;
  const settings = { ...options.settings, deployment };
  if (roles.has("sequencer")) requireTestNetwork(options);
  const proofs = await ports.openProofs();
  closing.push(() => proofs.close());
  const opened = await openStores(ports, settings);
  closing.push(() => opened.close());
  const { stores } = opened;

  const chain = await ports.openChain({ stores });
  const network = ports.openNetwork({ store: stores.p2p });
  const pool = assemblePool(ports, { chain, network, proofs: proofs.backend, stores }, settings);
  const key = roles.has("sequencer") ? await openSigningKey(ports, opened, settings) : undefined;
  const signing = attests(options) ? key : undefined;
  const validator = assembleValidator(ports, { chain, network, pool, key: signing }, settings);
  const { blockSigner: signer } = validator;
  const sequencer =
    signer === undefined
      ? undefined
      : assembleSequencer(
          ports,
          { chain, network, pool, validator, signer },
          { ...settings, ownFeeRecipient: () => feeRecipientOf(ports.hasher, options.validatorKey) },
        );
  let prover: ProverParts | undefined;
  if (roles.has("prover-node")) {
    const { queue, close } = await ports.openQueue({ store: stores.prover, backend: proofs.backend });
    closing.push(close);
    prover = assembleProver(ports, { chain, pool, proofs, queue }, settings);
  }
  const source: EpochProofSource | undefined = prover?.proverNode ?? ports.remoteProver;
  const coordinator =
    sequencer === undefined || source === undefined
      ? undefined
      : assembleSubmitter(
          ports,
          { chain, proofs: source, publisher: sequencer.publisher },
          { ...settings, whenAnyoneMay: false },
        );
  const sentinel = assembleSentinel(ports, { stores, chain, network, pool, key }, settings);
  const nodeService = assembleNodeService(ports, { chain, network, pool, validator }, { ...options, roles });
  return {
    stores,
    chain,
    network,
    proofs,
    pool,
    key,
    validator,
    sequencer,
    prover,
    coordinator,
    sentinel,
    nodeService,
  };
}

/** In the order in which they start; they stop in reverse. */
function servicesOf({
  chain,
  pool,
  validator,
  network,
  sequencer,
  prover,
  coordinator,
  sentinel,
}: NodeParts): NamedService[] {
  const all: readonly (readonly [name: string, service: Service | undefined])[] = [
    ["archiver", chain.archiver],
    ["tx pool", pool],
    ["validator", validator.validator],
    // Last of those that hear messages: none arrives before there is somebody to judge it.
    ["p2p", network.service],
    ["sentinel", sentinel],
    ["validator set", sequencer?.membership],
    ["sequencer", sequencer?.sequencer],
    ["epoch duties", sequencer?.epochDuties],
    ["prover node", prover?.proverNode],
    ["prover agent", prover?.agent],
    ["proof submitter", prover?.submitter],
    ["proof coordinator", coordinator],
  ];
  return all.flatMap(([name, service]) => (service === undefined ? [] : [{ name, service }]));
}
