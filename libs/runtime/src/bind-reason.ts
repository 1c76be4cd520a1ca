const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use by another process",
  EACCES: "this user is not permitted to open the port",
  EPERM: "this user is not permitted to open the port",
  EADDRNOTAVAIL: "this machine has no such address",
  EAFNOSUPPORT: "this machine has no addresses of this kind (IPv6, for instance)",
  ENOTFOUND: "no such host name is known",
  EAI_AGAIN: "the host name cannot be looked up at the moment",
};

/** Why the system lets a program not listen at an address, in plain words. */
export function bindReason(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== "string") return error instanceof Error ? error.message : "the system does not say why";
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return reason === undefined ? code : `${reason} (${code})`;
}
