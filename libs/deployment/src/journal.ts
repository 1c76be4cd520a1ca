import { Bytes32, EthAddress, type Hex, messageOf } from "@sprtn/primitives";
import { z } from "zod";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import { assertReplaceable, readFileIfThere, writeFileAtomically } from "./deployment-file.js";

/** A signed transaction that was, or was about to be, sent. */
export interface Attempt {
  readonly hash: Bytes32;
  readonly raw: Hex;
}

/** A step's transaction: whatever becomes of it, L1 says it by the hashes of its attempts. */
export interface JournalEntry {
  readonly nonce: number;
  /** Same nonce and content; each offers more for its gas than the one before. */
  readonly attempts: readonly Attempt[];
  /** Of the contract, for a step that deploys one. */
  readonly address?: EthAddress;
}

export interface JournalContent {
  /** Hash of everything to be deployed: a different plan is a different deployment. */
  readonly plan: Bytes32;
  readonly genesisTime: number;
  readonly steps: Readonly<Record<string, JournalEntry>>;
}

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const schema = z.strictObject({
  plan: hex.transform(Bytes32),
  genesisTime: z.int().min(0),
  steps: z.record(
    z.string(),
    z.strictObject({
      nonce: z.int().min(0),
      attempts: z.array(z.strictObject({ hash: hex.transform(Bytes32), raw: hex })),
      address: hex.transform(EthAddress).optional(),
    }),
  ),
});

/**
 * What a deployment has sent, on disk before it is sent, so that a run that was cut off is gone on with. Without a path
 * it is in memory.
 */
export class Journal {
  readonly #path: string | undefined;
  #content: JournalContent | undefined;

  private constructor(path: string | undefined, content: JournalContent | undefined) {
    this.#path = path;
    this.#content = content;
  }

  /** @throws BAD_JOURNAL, FILE_ACCESS */
  static async open(path: string | undefined): Promise<Journal> {
    if (path === undefined) return new Journal(undefined, undefined);
    await assertReplaceable(path);
    const text = await readFileIfThere(path);
    const content = text === undefined ? undefined : parse(path, text);
    // Without steps nothing was sent: whatever is deployed now begins here.
    return new Journal(path, content && Object.keys(content.steps).length > 0 ? content : undefined);
  }

  /** What was sent, or is about to be; `undefined` before a deployment begins. */
  get content(): JournalContent | undefined {
    return this.#content;
  }

  /** A new deployment. It is on disk only with its first steps: one that fails before them leaves nothing behind. */
  begin({ plan, genesisTime }: Omit<JournalContent, "steps">): JournalContent {
    this.#content = { plan, genesisTime, steps: {} };
    return this.#content;
  }

  /** @throws FILE_ACCESS */
  async write(content: JournalContent): Promise<void> {
    this.#content = content;
    if (this.#path !== undefined) await writeFileAtomically(this.#path, `${JSON.stringify(content, null, 2)}\n`);
  }
}

function parse(path: string, text: string): JournalContent {
  try {
    return schema.parse(JSON.parse(text)) as JournalContent;
  } catch (cause) {
    throw new DeploymentError(
      DeploymentErrorCode.BAD_JOURNAL,
      `the deployment journal ${path} cannot be read (${messageOf(cause)}): give another name (--journal), or delete ` +
        "it to start a new deployment",
      { path },
      { cause },
    );
  }
}
