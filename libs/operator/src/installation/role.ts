/** What a node is set up for. */
export const roles = ["validator", "node", "prover-node", "prover-agent", "bootnode"] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** How it is run. */
export const modes = ["native", "docker"] as const;
/** One of {@link modes}. */
export type Mode = (typeof modes)[number];

/** The programs that nodes are. */
export type NodeProgram = "node" | "prover-agent";

/** What a role takes. */
export interface RoleTraits {
  readonly program: NodeProgram;
  /** Variables that make a node take the role. */
  readonly flags: readonly string[];
  /** Follows L1. */
  readonly l1: boolean;
  /** Listens to peers and to RPC. */
  readonly listens: boolean;
  /** The variable of its L1 key; absent: it has none. */
  readonly keyName?: string;
}

const traits: Readonly<Record<Role, RoleTraits>> = {
  validator: {
    program: "node",
    flags: ["ROLE_NODE", "ROLE_SEQUENCER"],
    l1: true,
    listens: true,
    keyName: "SEQ_PUBLISHER_PRIVATE_KEY",
  },
  node: { program: "node", flags: ["ROLE_NODE"], l1: true, listens: true },
  "prover-node": {
    program: "node",
    flags: ["ROLE_NODE", "ROLE_PROVER_NODE"],
    l1: true,
    listens: true,
    keyName: "PROVER_PUBLISHER_PRIVATE_KEY",
  },
  "prover-agent": { program: "prover-agent", flags: [], l1: false, listens: false },
  bootnode: { program: "node", flags: ["ROLE_P2P_BOOTSTRAP"], l1: false, listens: true },
};

/** What `role` takes. */
export function traitsOf(role: Role): RoleTraits {
  return traits[role];
}

/** Every variable by which some role is taken. */
export const roleFlags: readonly string[] = [...new Set(Object.values(traits).flatMap(({ flags }) => flags))];
