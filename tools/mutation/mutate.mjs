// Mutation points of a compiled module: every mutant is compiled in, and one number says which of them is at work.
import { parse } from "acorn";
import { operatorSwaps } from "./operators.mjs";

const swaps = { ...operatorSwaps, "===": ["!=="], "!==": ["==="] };
const methodSwaps = new Map(
  Object.entries({ some: "every", every: "some", min: "max", max: "min", ceil: "floor", floor: "ceil" }),
);

/** A text in several lines is not a rule. */
const isText = node =>
  node.type === "TemplateLiteral" ||
  (node.type === "Literal" && typeof node.value === "string") ||
  (node.type === "BinaryExpression" && node.operator === "+" && (isText(node.left) || isText(node.right)));

/** What an expression may be replaced by: `[{ kind, text }]`. */
function alternatives(node, source) {
  const text = part => source.slice(part.start, part.end);
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression": {
      if (node.operator === "+" && (isText(node.left) || isText(node.right))) return [];
      if (node.operator === "??") return [{ kind: "fallback removed", text: text(node.left) }];
      return (swaps[node.operator] ?? []).map(operator => ({
        kind: `${node.operator} → ${operator}`,
        text: `(${text(node.left)}) ${operator} (${text(node.right)})`,
      }));
    }
    case "UnaryExpression":
      return ["!", "-"].includes(node.operator)
        ? [{ kind: `${node.operator} removed`, text: text(node.argument) }]
        : [];
    case "Literal":
      if (typeof node.value === "boolean") return [{ kind: `${node.raw} → ${!node.value}`, text: String(!node.value) }];
      if (typeof node.value === "bigint") return [{ kind: `${node.raw} + 1`, text: `${node.value + 1n}n` }];
      return typeof node.value === "number" ? [{ kind: `${node.raw} + 1`, text: String(node.value + 1) }] : [];
    case "CallExpression": {
      const { callee } = node;
      const other = callee.type === "MemberExpression" && !callee.computed && methodSwaps.get(callee.property.name);
      if (!other) return [];
      const { property } = callee;
      const changed = source.slice(node.start, property.start) + other + source.slice(property.end, node.end);
      return [{ kind: `${property.name} → ${other}`, text: changed }];
    }
    default:
      return [];
  }
}

const isNode = value => value !== null && typeof value === "object" && typeof value.type === "string";

/** Places where an expression may not become a conditional one: it would lose its `this`, or end a chain early. */
function keepsAsIs(parent, key) {
  if (key === "callee" || parent.type === "ChainExpression") return true;
  if (parent.type === "Property" && key === "key") return true;
  if (["PropertyDefinition", "MethodDefinition"].includes(parent.type) && key === "key") return true;
  if (parent.type.startsWith("Import") || parent.type.startsWith("Export")) return key !== "declaration";
  return parent.type === "TaggedTemplateExpression";
}

const receiverOf = ({ object }) => (object.type === "MemberExpression" ? object.property.name : object.name);

/** What is told to whoever debugs is not a rule. */
const isDebugLog = ({ type, callee }) =>
  type === "CallExpression" &&
  callee.type === "MemberExpression" &&
  receiverOf(callee) === "logger" &&
  ["debug", "verbose"].includes(callee.property.name);

/** How a metric is called, explained and divided into buckets is none either. */
const isMetric = ({ type, callee }) =>
  type === "CallExpression" &&
  callee.type === "MemberExpression" &&
  receiverOf(callee) === "meter" &&
  ["counter", "gauge", "histogram"].includes(callee.property.name);

/** Statements that are left out as a whole: `[{ kind, text }]`. */
function isRemovable(node) {
  if (node.type !== "ExpressionStatement" || node.directive) return false;
  const { expression } = node;
  const call = expression.type === "AwaitExpression" ? expression.argument : expression;
  return call.type === "CallExpression" ? call.callee.type !== "Super" : expression.type === "AssignmentExpression";
}

/** `Code["NAME"] = "TEXT"`: as TypeScript compiles what an enum declares. */
const isEnumMember = ({ type, left, right }) =>
  type === "AssignmentExpression" &&
  left.type === "MemberExpression" &&
  left.computed &&
  [left.property, right].every(part => part.type === "Literal" && typeof part.value === "string");

/**
 * The module with its mutants compiled in, and a list of them. `isMutantAtWork(id)` says whether a mutant is at work,
 * and records that the place was reached.
 */
export function instrument(source, { firstId }) {
  const tree = parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const mutants = [];
  const add = (node, kind, replacement) => {
    const id = firstId + mutants.length;
    mutants.push({ id, kind, ...node.loc.start, original: source.slice(node.start, node.end), replacement });
    return id;
  };

  /** A node's text with the mutants below it. */
  function render(node, { parent, key, inChain = false } = {}) {
    const isLeftAlone =
      (node.type === "ExpressionStatement" && (isDebugLog(node.expression) || isEnumMember(node.expression))) ||
      isMetric(node);
    if (isLeftAlone) return source.slice(node.start, node.end);
    let text = "";
    let at = node.start;
    for (const [childKey, child] of childrenOf(node)) {
      const onSpine = (inChain || node.type === "ChainExpression") && spine.has(childKey);
      text += source.slice(at, child.start) + render(child, { parent: node, key: childKey, inChain: onSpine });
      at = child.end;
    }
    text += source.slice(at, node.end);
    if (parent === undefined || inChain || keepsAsIs(parent, key)) return text;
    if (isRemovable(node)) return `{ if (!isMutantAtWork(${add(node, "statement removed", "")})) { ${text} } }`;
    const options = alternatives(node, source);
    if (isCondition(parent, key)) options.push({ kind: "true", text: "true" }, { kind: "false", text: "false" });
    if (options.length === 0) return text;
    const chain = options
      .map(({ kind, text: other }) => `isMutantAtWork(${add(node, kind, other)}) ? (${other}) : `)
      .join("");
    return `(${chain}(${text}))`;
  }

  // A thread or process of the tests' own knows no mutants.
  return { code: `globalThis.isMutantAtWork ??= () => false;\n${render(tree)}`, mutants };
}

/** Fields through which an optional chain runs. */
const spine = new Set(["expression", "object", "callee"]);

const isCondition = (parent, key) =>
  key === "test" && ["IfStatement", "ConditionalExpression", "WhileStatement"].includes(parent.type);

/** Children in the order of the text, with the field that holds them. */
function childrenOf(node) {
  const found = [];
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) found.push(...value.filter(isNode).map(child => [key, child]));
    else if (isNode(value)) found.push([key, value]);
  }
  // A shorthand has its name and its value at one place.
  return found
    .toSorted((a, b) => a[1].start - b[1].start || b[1].end - a[1].end)
    .filter(([, child], i, all) => child.start >= (all[i - 1]?.[1].end ?? 0));
}
