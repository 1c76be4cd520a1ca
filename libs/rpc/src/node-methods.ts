import type { FieldHasher } from "@sprtn/primitives";
import type { NodeApi } from "@sprtn/ports";
import * as z from "zod/mini";
import { type MethodGroup, partsOf } from "./method-group.js";
import { block, chainTips, gasFees } from "@sprtn/protocol/json";
import { contracts } from "@sprtn/protocol/json";
import { membershipWitness, nodeInfo, peerInfo, withdrawalWitness } from "./schemas/node.js";
import { address, blockNumber, epoch, field, slot, uint, whole } from "@sprtn/protocol/json";
import { receipt, tx } from "./schemas/tx.js";
import { WORK } from "./pacing/work-units.js";

const blockReference = z.union([blockNumber, z.enum(["pending", "proven", "finalized"])], {
  error: "neither a block number nor pending, proven or finalized",
});
/** A block's header binds its effects, and by its last archive the whole chain below it. */
const blocks = partsOf(block, ({ headerHash }) => `block ${headerHash}`);

const hash = { name: "hash", description: "Hash of a transaction", schema: field };

/** `node_…`: the port NodeApi. `hasher` computes the hashes of decoded transactions. */
export function nodeMethods(hasher: FieldHasher): MethodGroup<NodeApi> {
  const transaction = tx(hasher);
  return {
    prefix: "node_",
    methods: {
      getNodeInfo: {
        summary: "Version, network and roles of the node, and what another node needs to join",
        params: [],
        result: nodeInfo,
      },
      getChainTips: {
        summary: "Tips of the pending, the proven and the finalized chain",
        params: [],
        result: chainTips,
      },
      getBlock: {
        summary: "A block with its effects, by its number or as the tip of a chain; null if there is none",
        params: [
          {
            name: "number",
            description: 'Number of the block, or the tip of a chain: "pending", "proven" or "finalized"',
            schema: blockReference,
          },
        ],
        result: z.nullable(block),
        parts: blocks,
      },
      getBlocks: {
        summary:
          "Blocks from a given number on: at least one if there is any, but fewer than the limit if they are large",
        params: [
          { name: "from", description: "Number of the first block", schema: blockNumber },
          { name: "limit", description: "How many at most, 1 to 100", schema: whole(100, 1) },
        ],
        result: z.array(block).check(z.maxLength(100)),
        work: ([, limit]) => limit * WORK.block,
        parts: blocks,
      },
      sendTx: {
        summary:
          "Submits a transaction to the pool. Returns its hash once it is stored on disk; otherwise an error with " +
          "the code of the refusal",
        params: [{ name: "tx", description: "The transaction's wire encoding as hex", schema: transaction }],
        result: field,
        work: () => WORK.sendTx,
      },
      getTxReceipt: {
        summary: "Stage of a transaction, and the block that includes it",
        params: [hash],
        result: receipt,
      },
      getTx: {
        summary: "A pending or unfinalized transaction; null if this node does not have it",
        params: [hash],
        result: z.nullable(transaction),
      },
      getPendingTxs: {
        summary: "Hashes of pending transactions, best paying first",
        params: [{ name: "limit", description: "How many at most, 1 to 1000", schema: whole(1_000, 1) }],
        result: z.array(field).check(z.maxLength(1_000)),
        work: ([limit]) => limit * WORK.pendingHash,
      },
      getBaseFees: { summary: "Base fees of the next block, wei per unit of gas", params: [], result: gasFees },
      getCurrentSlot: { summary: "The current slot", params: [], result: slot },
      getPublicBalance: {
        summary: "Public balance at the pending tip, wei",
        params: [{ name: "address", description: "L2 address", schema: field }],
        result: uint(128),
        work: () => WORK.stateRead,
      },
      getNoteHashWitness: {
        summary: "Membership witness of a note hash in the state after a block",
        params: [
          { name: "index", description: "Index of its leaf", schema: uint(64) },
          { name: "block", description: "Number of the block", schema: blockNumber },
        ],
        result: membershipWitness,
        work: () => WORK.stateRead,
      },
      getMessageWitness: {
        summary: "Membership witness of an L1→L2 message at the pending tip; null while no block contains it",
        params: [{ name: "messageHash", description: "Hash of the message", schema: field }],
        result: z.nullable(membershipWitness),
        work: () => WORK.stateRead,
      },
      getL2ToL1MessageWitness: {
        summary: "Witness that a withdrawal needs on L1, and whether its block is proven; null if there is none",
        params: [{ name: "txHash", description: "Hash of the withdrawing transaction", schema: field }],
        result: z.nullable(withdrawalWitness),
        work: () => WORK.withdrawalWitness,
      },
      getCommittee: {
        summary: "Committee of an epoch, in committee order",
        params: [
          {
            name: "epoch",
            description:
              "Number of the epoch: a past one, the current one or one of the next two; CONSENSUS_EPOCH_NOT_FIXED " +
              "for later ones",
            schema: epoch,
          },
        ],
        result: z.array(address),
        work: () => WORK.committee,
      },
      getProposer: {
        summary: "Proposer of a slot; null if the committee is empty",
        params: [
          { name: "slot", description: "Number of the slot, of an epoch that node_getCommittee knows", schema: slot },
        ],
        result: z.nullable(address),
        work: () => WORK.committee,
      },
      getL1ContractAddresses: { summary: "Addresses of the deployment's L1 contracts", params: [], result: contracts },
      getEncodedEnr: {
        summary: "This node's ENR; null without P2P",
        params: [],
        result: z.nullable(z.string().check(z.maxLength(1_000))),
      },
      getPeers: { summary: "Connected peers", params: [], result: z.array(peerInfo) },
    },
  };
}
