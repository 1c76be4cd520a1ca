import type { MembershipWitness, NodeInfo, PeerInfo } from "@sprtn/ports";
import * as z from "zod/mini";
import { contracts, crs, deployment, parameters, proofMode } from "@sprtn/protocol/json";
import { blockNumber, field, uint } from "@sprtn/protocol/json";

const text = z.string().check(z.maxLength(1_000));

export const nodeInfo: z.ZodMiniType<NodeInfo> = z.object({
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
  density: z.int().check(z.minimum(1)),
  deployment,
});

export const peerInfo: z.ZodMiniType<PeerInfo> = z.object({
  id: text,
  addresses: z.array(text),
  score: z.number(),
  direction: z.enum(["inbound", "outbound"]),
  agent: z.nullable(text),
});

export const membershipWitness: z.ZodMiniType<MembershipWitness> = z.object({
  block: blockNumber,
  root: field,
  index: uint(64),
  path: z.array(field).check(z.maxLength(64)),
});

export const withdrawalWitness = z.object({
  block: blockNumber,
  leafId: uint(64),
  path: z.array(field).check(z.maxLength(64)),
  proven: z.boolean(),
});
