import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { finalizedL1Block } from "@sprtn/archiver";
import type { Devnet } from "@sprtn/l1-client/devnet";
import type { Logger } from "@sprtn/ports";
import { LevelKvStore } from "@sprtn/storage";

/**
 * What a node has read from L1, and reads again; the archive last, which tells that it has to. What it has signed, and
 * its transactions, stay.
 */
const READ_FROM_L1 = ["state", "archive"];
/** Its wallets hold notes of blocks that are no more, and get new ones. */
const BOT = "bot";

/**
 * The L1 writes its state now and then: when it ended hard together with the nodes, it continues without the last
 * blocks, some of which the nodes hold as final. Nodes in `dataDirectory` that do read that L1 anew.
 * @throws StorageError, ArchiverError BAD_RECORD, L1Error
 */
export async function forgetLostL1(
  { devnet, logger }: { readonly devnet: Pick<Devnet, "request">; readonly logger: Logger },
  dataDirectory: string,
): Promise<void> {
  const names = await readdir(dataDirectory);
  const nodes = names.filter(name => existsSync(join(dataDirectory, name, "archive")));
  const behind: { readonly name: string; readonly block: number }[] = [];
  for (const name of nodes) {
    const archive = await LevelKvStore.open(join(dataDirectory, name, "archive"));
    try {
      const block = finalizedL1Block(archive);
      if (block !== undefined && !(await holds(devnet, block))) behind.push({ name, block: block.number });
    } finally {
      await archive.close();
    }
  }
  if (behind.length === 0) return;
  logger.warn(
    "this network's L1 ended before it had written its last blocks: it continues without them and what they held, " +
      "and the nodes read it anew; what nobody can prove any more is pruned after the proof and challenge windows " +
      "(delete the data directory to begin anew at once)",
    { missing: Math.max(...behind.map(({ block }) => block)), nodes: behind.map(({ name }) => name).join(", ") },
  );
  await rm(join(dataDirectory, BOT), { recursive: true, force: true });
  for (const { name } of behind)
    for (const store of READ_FROM_L1) await rm(join(dataDirectory, name, store), { recursive: true, force: true });
}

async function holds(
  devnet: Pick<Devnet, "request">,
  { number, hash }: { readonly number: number; readonly hash: string },
): Promise<boolean> {
  const block = (await devnet.request("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])) as {
    readonly hash: string;
  } | null;
  return block?.hash === hash;
}
