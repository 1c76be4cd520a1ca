const HEADING = [
  "# Written by `sprtn config`, and yours to change: it keeps your own lines and comments. It holds keys: keep it to",
  "# yourself. `sprtn config --help` explains what it writes; the node's --help lists every setting.",
];
const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/;

/**
 * A `.env` text in which each variable has its value, or is gone if that is `undefined`. Everything else that `before`
 * holds stays as it is: comments, variables of others, their order.
 */
export function envText(variables: ReadonlyMap<string, string | undefined>, before: string | undefined): string {
  const lines = before === undefined ? [...HEADING] : before.replace(/\n$/, "").split(/\r?\n/);
  const written = new Set<string>();
  const kept = lines.flatMap(line => {
    const name = assignment.exec(line)?.[1];
    if (name === undefined || !variables.has(name)) return [line];
    const value = variables.get(name);
    // Of several lines with one name the last counts: there shall be one.
    if (value === undefined || written.has(name)) return [];
    written.add(name);
    return [`${name}=${quoted(value)}`];
  });
  const added = [...variables].flatMap(([name, value]) =>
    value === undefined || written.has(name) ? [] : [`${name}=${quoted(value)}`],
  );
  return `${[...kept, ...added].join("\n")}\n`;
}

/** As node, docker compose and systemd read it alike. */
function quoted(value: string): string {
  if (/^[\w@%+:,./-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
