import type { NodeInfo } from "@sprtn/ports";

/** What a node says about itself and about its network. */
export function nodeInfo(
  {
    version,
    roles,
    deployment,
    density = 1,
  }: Pick<NodeInfo, "version" | "roles" | "deployment"> & Partial<Pick<NodeInfo, "density">>,
  enr: string | null,
): NodeInfo {
  return {
    version,
    network: deployment.name,
    l1ChainId: deployment.chainId,
    rollupVersion: deployment.rollupVersion,
    contracts: deployment.contracts,
    enr,
    roles,
    proofMode: deployment.proofMode,
    crs: deployment.crs,
    parameters: deployment.parameters,
    density,
    deployment,
  };
}
