/** What a process can be; any set of them. */
export const roles = ["node", "archiver", "sequencer", "prover-node", "prover", "pxe", "p2p-bootstrap", "bot"] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];
