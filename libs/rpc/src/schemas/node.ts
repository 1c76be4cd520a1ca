import type { MembershipWitness, NodeInfo, PeerInfo } from "@sprtn/ports";
import { z } from "zod";
import { contracts, crs, deployment, parameters, proofMode } from "@sprtn/protocol/json";
import { blockNumber, field, uint } from "@sprtn/protocol/json";

const text = z.string().max(1_000);

export const nodeInfo: z.ZodType<NodeInfo> = z.object({
  version: text,
  network: text,
  l1ChainId: uint(64),
  rollupVersion: uint(64),
  contracts,
  enr: z.nullable(text),
  roles: z.array(text),
  proofMode,
  crs,
  parameters,
  deployment,
});

export const peerInfo: z.ZodType<PeerInfo> = z.object({
  id: text,
  addresses: z.array(text),
  score: z.number(),
  direction: z.enum(["inbound", "outbound"]),
  agent: z.nullable(text),
});

export const membershipWitness: z.ZodType<MembershipWitness> = z.object({
  block: blockNumber,
  root: field,
  index: uint(64),
  path: z.array(field).max(64),
});

export const withdrawalWitness = z.object({
  block: blockNumber,
  leafId: uint(64),
  path: z.array(field).max(64),
  proven: z.boolean(),
});
