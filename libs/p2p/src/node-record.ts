import { isIPv6 } from "node:net";
import { ENR, SignableENR } from "@chainsafe/enr";
import { equalBytes } from "@sprtn/primitives";
import { multiaddr } from "@multiformats/multiaddr";
import { toMultiaddrText } from "./endpoint.js";
import { type NetworkId, networkDigest } from "./network.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

/** A peer that may be dialled. */
export interface Candidate {
  readonly peer: string;
  /** Multiaddr texts that end in /p2p/ and the peer's id. */
  readonly addresses: readonly string[];
}

const NETWORK_KEY = "sprtn";

export interface RecordEndpoints {
  /** Unknown until peers say what they see. */
  readonly host?: string | undefined;
  readonly tcp: number;
  /** Absent without discovery. */
  readonly udp?: number | undefined;
}

/** This node's ENR: who it is, where it listens, which network it belongs to. */
export function createRecord(privateKey: Uint8Array, network: NetworkId, endpoints: RecordEndpoints): SignableENR {
  const record = SignableENR.createV4(privateKey, { [NETWORK_KEY]: networkDigest(network) });
  if (endpoints.host !== undefined && isIPv6(endpoints.host)) {
    record.ip6 = endpoints.host;
    record.tcp6 = endpoints.tcp;
    record.udp6 = endpoints.udp;
  } else {
    record.ip = endpoints.host;
    record.tcp = endpoints.tcp;
    record.udp = endpoints.udp;
  }
  return record;
}

/** Where to dial the node of `record`; undefined if it says no address, or belongs to another network. */
export function candidateOf(record: ENR, network: NetworkId): Candidate | undefined {
  const digest = record.kvs.get(NETWORK_KEY);
  if (!digest || !equalBytes(digest, networkDigest(network))) return undefined;
  const peer = record.peerId.toString();
  const { ip, tcp, ip6, tcp6 } = record;
  const addresses: string[] = [];
  if (ip !== undefined && tcp !== undefined) addresses.push(`${toMultiaddrText(ip, "tcp", tcp)}/p2p/${peer}`);
  if (ip6 !== undefined && tcp6 !== undefined) addresses.push(`${toMultiaddrText(ip6, "tcp", tcp6)}/p2p/${peer}`);
  return addresses.length === 0 ? undefined : { peer, addresses };
}

export interface BootstrapNodes {
  /** Where discovery starts. */
  readonly records: readonly ENR[];
  readonly candidates: readonly Candidate[];
}

/** Parses BOOTSTRAP_NODES: ENRs (`enr:…`) and multiaddrs ending in /p2p/ and a peer id. @throws BAD_BOOTSTRAP_NODE */
export function parseBootstrapNodes(texts: readonly string[], network: NetworkId): BootstrapNodes {
  const records: ENR[] = [];
  const candidates: Candidate[] = [];
  for (const text of texts) {
    try {
      if (text.startsWith("enr:")) {
        const record = ENR.decodeTxt(text);
        const candidate = candidateOf(record, network);
        if (!candidate) throw badNode(text, "it contains no address, or belongs to another network");
        records.push(record);
        candidates.push(candidate);
      } else {
        const peer = multiaddr(text)
          .getComponents()
          .findLast(component => component.name === "p2p")?.value;
        if (peer === undefined) throw badNode(text, "it does not end in /p2p/ and a peer id");
        candidates.push({ peer, addresses: [text] });
      }
    } catch (error) {
      throw error instanceof P2pError ? error : badNode(text, (error as Error).message, error);
    }
  }
  return { records, candidates };
}

function badNode(text: string, reason: string, cause?: unknown): P2pError {
  return new P2pError(
    P2pErrorCode.BAD_BOOTSTRAP_NODE,
    `bootstrap node ${text.slice(0, 300)} cannot be used because ${reason}: give an ENR or a multiaddr of this network`,
    { value: text.slice(0, 300) },
    { cause },
  );
}
