import type { L1Endpoints } from "@sprtn/l1-client";
import type { NodePorts } from "../assemble/node-ports.js";
import type { L1Senders } from "../l1-senders.js";
import { type Token, token } from "./token.js";

/** What the default ports share; a node is not put together from it. */
export interface L1Adapters {
  readonly endpoints: L1Endpoints;
  readonly senders: L1Senders;
}

type Tokens<Ports> = { readonly [Port in keyof Ports]-?: Token<Ports[Port]> };

/** Every port of a node, by name: bind another factory to one, and the node is made with what it makes. */
export const ports: Tokens<NodePorts & L1Adapters> = {
  clock: token("clock"),
  random: token("random"),
  hasher: token("hasher"),
  logger: token("logger"),
  meter: token("meter"),
  journal: token("journal"),
  endpoints: token("endpoints"),
  heads: token("heads"),
  l1: token("l1"),
  rollup: token("rollup"),
  committeeSource: token("committeeSource"),
  recovery: token("recovery"),
  signer: token("signer"),
  proverSigner: token("proverSigner"),
  senders: token("senders"),
  publisherOf: token("publisherOf"),
  openStore: token("openStore"),
  openChain: token("openChain"),
  executor: token("executor"),
  txDecoder: token("txDecoder"),
  openNetwork: token("openNetwork"),
  openProofs: token("openProofs"),
  openQueue: token("openQueue"),
  remoteProver: token("remoteProver"),
};
