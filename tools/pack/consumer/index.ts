// Somebody else's tool on these packages: the pure libs in a few lines, a wallet on a fake node, the typed client.
// Compiled and run outside the workspace.
import { SimulatedBackend } from "@sprtn/circuits-client";
import { createFieldHasher } from "@sprtn/field-hasher";
import { committeeCommitment, drawCommittee, proposerOf, quorum } from "@sprtn/consensus";
import { presets } from "@sprtn/deployment";
import { AppendOnlyTree, MemoryNodeStore, verifyPath } from "@sprtn/merkle-trees";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Bytes32, EthAddress, type Field, fieldToBytes, jsFieldHasher, Slot } from "@sprtn/primitives";
import { constants, decodeHeader, encodeHeader } from "@sprtn/protocol";
import { createNodeClient, RpcError, RpcErrorCode } from "@sprtn/rpc/client";
import { MemoryKvStore } from "@sprtn/storage";
import { buildDeployment, MemoryLogger } from "@sprtn/testing";
import { encodePaymentAddress, deriveAccountKeys } from "@sprtn/wallet";

function check(condition: boolean, what: string): void {
  if (!condition) {
    process.stderr.write(`${what}\n`);
    process.exitCode = 1;
  }
}

const validators = Array.from({ length: 16 }, (_, i) => EthAddress(`0x${(i + 1).toString(16).padStart(40, "0")}`));
const committee = drawCommittee(Bytes32(`0x${"5e".repeat(32)}`), validators, presets.local.choices.committeeSize);
check(committee.length === 4 && quorum(committee.length) === 3, "consensus");
check(proposerOf(Slot(6), committee) === committee[2] && committeeCommitment(committee).length === 66, "proposer");

const hasher = await createFieldHasher({ logger: new MemoryLogger() }, { kind: "js" });
const leaf = fieldToBytes(7n as Field);
const tree = new AppendOnlyTree({ store: new MemoryNodeStore(), hasher }, { depth: constants.NOTE_HASH_TREE_DEPTH });
tree.append(leaf);
check(verifyPath(hasher, { node: leaf, index: 0, path: tree.path(0), root: tree.root() }), "merkle-trees");

const { header } = buildDeployment().genesis;
check(
  decodeHeader(encodeHeader(header)).stateHash === header.stateHash &&
    encodeHeader(header).length === constants.HEADER_LENGTH,
  "protocol",
);

check(new SimulatedBackend({ hasher, clock: systemClock }, { baseDelayMs: 0 }).mode === "simulated", "circuits-client");
check(
  encodePaymentAddress(deriveAccountKeys(jsFieldHasher, systemRandom.bytes(32), 0).paymentAddress).length > 64,
  "wallet",
);

const store = new MemoryKvStore();
await store.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
check(store.get(Uint8Array.of(1))?.[0] === 2, "storage");

const refusal: unknown = await createNodeClient("http://127.0.0.1:1")
  .getChainTips()
  .catch((error: unknown) => error);
check(refusal instanceof RpcError && refusal.code === RpcErrorCode.UNREACHABLE, "rpc/client");
process.stdout.write(process.exitCode === 1 ? "" : "consumer: all packages work\n");
