/** Pages that may talk to this server: none, unless a setting names their origins. */
export interface OriginRule {
  /** As in `https://wallet.example`; `*` for every page. */
  readonly origins: readonly string[];
}

/** Whether the page that sent a request may do so; a program's request has no Origin. */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  { origins }: OriginRule,
): boolean {
  if (origin === undefined || origins.includes("*") || origins.includes(origin)) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

/** What tells a browser that the page may read the answer; nothing without a rule that names it. */
export function corsHeaders(origin: string | undefined, { origins }: OriginRule): Readonly<Record<string, string>> {
  if (origin === undefined || !(origins.includes("*") || origins.includes(origin))) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST, GET",
    "access-control-allow-headers": "content-type, authorization",
    "access-control-expose-headers": "retry-after",
    "access-control-max-age": "600",
    vary: "Origin",
  };
}
