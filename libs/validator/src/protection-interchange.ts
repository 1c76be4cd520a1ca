import { Bytes32, EthAddress, Slot } from "@sprtn/primitives";
import type { PayloadType, SigningDomain } from "@sprtn/protocol";
import type { SignedHistory, SignedRecord, SlashingProtection } from "./slashing-protection.js";
import { ValidatorError, ValidatorErrorCode } from "./validator-error.js";

/** The file by which a key's history moves between nodes, after EIP-3076: integers as decimal strings. */
export interface ProtectionInterchange {
  readonly metadata: { readonly interchange_format_version: "1"; readonly chain_id: string; readonly rollup: string };
  readonly data: readonly {
    readonly pubkey: string;
    readonly signed_proposals: readonly InterchangeRecord[];
    readonly signed_attestations: readonly InterchangeRecord[];
  }[];
}

/** A slot that was signed for. Without a root it is not known what: nothing up to it may be signed any more. */
export interface InterchangeRecord {
  readonly slot: string;
  readonly signing_root?: string;
}

const U32_MAX = 2 ** 32 - 1;

const KINDS = [
  ["Proposal", "signed_proposals"],
  ["Attestation", "signed_attestations"],
] as const satisfies readonly (readonly [PayloadType, keyof ProtectionInterchange["data"][number]])[];

/** What each of `keys` has signed, as a file that another node imports; of every key, if absent. */
export async function exportProtection(
  protection: SlashingProtection,
  domain: SigningDomain,
  keys?: readonly EthAddress[],
): Promise<ProtectionInterchange> {
  const exported = keys ?? (await protection.keys());
  const text = ({ records, watermark }: SignedHistory): InterchangeRecord[] => [
    ...records.map(({ slot, digest }) => ({ slot: String(slot), signing_root: digest })),
    ...(watermark === undefined || records.some(({ slot }) => slot >= watermark) ? [] : [{ slot: String(watermark) }]),
  ];
  const data = await Promise.all(
    exported.map(async key => ({
      pubkey: key,
      signed_proposals: text(await protection.export(key, "Proposal")),
      signed_attestations: text(await protection.export(key, "Attestation")),
    })),
  );
  return {
    metadata: { interchange_format_version: "1", chain_id: String(domain.chainId), rollup: domain.rollup },
    data,
  };
}

/**
 * @throws ValidatorError PROTECTION_FOREIGN for another deployment's file, PROTECTION_CORRUPT for any other file
 */
export async function importProtection(
  protection: SlashingProtection,
  domain: SigningDomain,
  file: ProtectionInterchange,
): Promise<void> {
  const parsed = parse(file);
  if (parsed.metadata.chain_id !== String(domain.chainId) || parsed.metadata.rollup.toLowerCase() !== domain.rollup) {
    throw new ValidatorError(
      ValidatorErrorCode.PROTECTION_FOREIGN,
      `the history belongs to chain ${parsed.metadata.chain_id}, rollup ${parsed.metadata.rollup}: import one of ` +
        "this deployment",
    );
  }
  for (const entry of parsed.data) {
    for (const [type, name] of KINDS) {
      await protection.import(EthAddress(entry.pubkey), type, historyOf(entry[name]));
    }
  }
}

function historyOf(listed: readonly InterchangeRecord[]): SignedHistory {
  const records: SignedRecord[] = [];
  let watermark: Slot | undefined;
  for (const record of listed) {
    const slot = Slot(Number(record.slot));
    if (record.signing_root !== undefined) records.push({ slot, digest: Bytes32(record.signing_root) });
    else watermark = Slot(Math.max(slot, watermark ?? slot));
  }
  return { watermark, records };
}

function parse(file: ProtectionInterchange): ProtectionInterchange {
  const isSlot = (value: unknown) => typeof value === "string" && /^\d{1,10}$/.test(value) && Number(value) <= U32_MAX;
  const isHex = (value: unknown, bytes: number) =>
    typeof value === "string" && new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`).test(value);
  const isRecords = (value: unknown) =>
    Array.isArray(value) &&
    value.every(
      (record: { slot?: unknown; signing_root?: unknown } | null) =>
        isSlot(record?.slot) && (record?.signing_root === undefined || isHex(record.signing_root, 32)),
    );
  const good =
    file?.metadata?.interchange_format_version === "1" &&
    typeof file.metadata.chain_id === "string" &&
    isHex(file.metadata.rollup, 20) &&
    Array.isArray(file.data) &&
    file.data.every(
      entry => isHex(entry?.pubkey, 20) && isRecords(entry.signed_proposals) && isRecords(entry.signed_attestations),
    );
  if (!good)
    throw new ValidatorError(
      ValidatorErrorCode.PROTECTION_CORRUPT,
      "not a slashing protection export: give the JSON file that the other node exported",
    );
  return file;
}
