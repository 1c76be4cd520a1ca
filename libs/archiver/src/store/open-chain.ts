import { concatBytes, equalBytes, fieldToBytes, fromHex, L1BlockNumber, bytesToUint } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import { genesisAccumulator, type L2Block } from "@sprtn/protocol";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";
import type { ArchivedDeployment } from "../chain-rules.js";
import { decodeChainRecord, genesisRecord } from "./chain-record.js";
import { ChainReader } from "./chain-reader.js";
import type { ChainSnapshot, L1BlockName } from "./chain-snapshot.js";
import { decodeCursor, startOfSync } from "./cursor-record.js";
import { Bucket, bucketRange, CHAIN_KEY, CURSOR_KEY, FORMAT_KEY } from "./keys.js";
import { decodeL1Block } from "./l1-block-record.js";

/** Raised whenever a record's layout changes. */
const FORMAT_VERSION = 1;

/** What is stored, or genesis for an empty store. @throws ArchiverError OTHER_CHAIN, BAD_RECORD */
export async function openChain(
  store: KvStore,
  deployment: ArchivedDeployment,
  genesis: L2Block,
): Promise<ChainSnapshot> {
  await checkFormat(store, deployment);
  const [chainBytes, cursorBytes] = [store.get(CHAIN_KEY), store.get(CURSOR_KEY)];
  const chain = chainBytes ? decodeChainRecord(chainBytes) : genesisRecord(genesis);
  const cursor = cursorBytes ? decodeCursor(cursorBytes) : startOfSync(genesis);
  const l1Blocks: L1BlockName[] = [];
  for await (const [key, value] of store.entries(bucketRange(Bucket.L1_BLOCK))) {
    l1Blocks.push({ number: L1BlockNumber(Number(bytesToUint(key.subarray(1)))), hash: decodeL1Block(value).hash });
  }
  return { chain, cursor, l1Blocks, tip: new ChainReader(store, genesis).knownBlock(chain.pending.number) };
}

async function checkFormat(
  store: KvStore,
  { chainId, rollupVersion, genesis, contracts }: ArchivedDeployment,
): Promise<void> {
  const format = concatBytes(
    Uint8Array.of(FORMAT_VERSION),
    fieldToBytes(genesisAccumulator({ chainId, rollupVersion }, genesis.header)),
    fieldToBytes(genesis.archive),
    fromHex(contracts.rollup),
  );
  const stored = store.get(FORMAT_KEY);
  if (stored === undefined) return store.write([{ type: "put", key: FORMAT_KEY, value: format }]);
  if (equalBytes(stored, format)) return;
  throw new ArchiverError(
    ArchiverErrorCode.OTHER_CHAIN,
    "the archiver's data belongs to another deployment or was written by another version: choose another data " +
      "directory, or delete this one so that it is read from L1 again",
  );
}
