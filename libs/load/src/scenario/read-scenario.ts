import { isNode, LineCounter, parseDocument } from "yaml";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { type Scenario, scenarioSchema } from "./scenario.js";

/** A longer file is no scenario. */
const MAX_BYTES = 256 * 1024;
/** Told at once; the rest shows when these are mended. */
const SHOWN = 5;

/**
 * A scenario from its YAML (or JSON).
 * @throws LoadError BAD_SCENARIO, whose text names file, line and what is wrong
 */
export function readScenario(content: string, file: string): Scenario {
  const bad = (line: number, what: string) =>
    new LoadError(LoadErrorCode.BAD_SCENARIO, `${file}:${line}: ${what}`, { line, path: file });
  if (Buffer.byteLength(content) > MAX_BYTES)
    throw bad(1, `the file is longer than ${MAX_BYTES / 1024} KiB: a scenario is a page of text`);
  const lines = new LineCounter();
  // Aliases could grow without bound, and a page of text needs none.
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, strict: true });
  const [error] = document.errors;
  if (error !== undefined) throw bad(lines.linePos(error.pos[0]).line, `this is no YAML: ${error.message}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    throw bad(1, "write anchors and aliases (& and *) out");
  }
  const result = scenarioSchema.safeParse(value);
  if (result.success) return result.data;
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const issues = result.error.issues.map(issue => ({
    line: lineOf(issue.path),
    text: `${issue.path.length === 0 ? "" : `${issue.path.join(".")}: `}${issue.message}`,
  }));
  const shown = issues.slice(0, SHOWN).map(({ line, text }) => `${file}:${line}: ${text}`);
  if (issues.length > SHOWN) shown.push(`and ${issues.length - SHOWN} more`);
  throw new LoadError(LoadErrorCode.BAD_SCENARIO, shown.join("\n"), { line: issues[0]?.line ?? 1, path: file });
}
