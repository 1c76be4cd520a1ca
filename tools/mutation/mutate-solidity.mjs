// Mutation points of a Solidity file, by the offsets of solc's syntax tree. Each mutant is a text of its own: code size
// limits leave no room to compile all of them into one contract.

const swaps = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "<<": [">>"],
  ">>": ["<<"],
  "&": ["|"],
  "|": ["&"],
  "&&": ["||"],
  "||": ["&&"],
};

/** What a node may be replaced by: `[{ kind, text }]`. */
function alternatives(node, text) {
  switch (node.nodeType) {
    case "BinaryOperation":
      return (swaps[node.operator] ?? []).map(operator => ({
        kind: `${node.operator} → ${operator}`,
        text: `(${text(node.leftExpression)}) ${operator} (${text(node.rightExpression)})`,
      }));
    case "UnaryOperation":
      return node.operator === "!" ? [{ kind: "! removed", text: text(node.subExpression) }] : [];
    case "Literal":
      if (node.kind === "bool") return [{ kind: "flipped", text: node.value === "true" ? "false" : "true" }];
      return node.kind === "number" && /^\d[\d_]*$/.test(node.value)
        ? [{ kind: "+ 1", text: String(BigInt(node.value.replaceAll("_", "")) + 1n) }]
        : [];
    case "ExpressionStatement":
    case "EmitStatement":
      return [{ kind: "statement removed", text: "{}" }];
    case "ModifierInvocation":
      return [{ kind: "modifier removed", text: "" }];
    default:
      return [];
  }
}

const isNode = value => value !== null && typeof value === "object" && typeof value.nodeType === "string";
const children = node =>
  Object.entries(node).flatMap(([key, value]) =>
    [value]
      .flat()
      .filter(isNode)
      .map(child => [key, child]),
  );

/**
 * @param source the file, whose bytes the tree's offsets count
 * @param tree solc's SourceUnit; parsed is enough
 * @returns `[{ contract, function, line, kind, original, mutated }]`, `mutated` being the whole file
 */
export function mutantsOf(source, tree) {
  const bytes = Buffer.from(source);
  const span = ({ src }) => {
    const [start, length] = src.split(":").map(Number);
    return { start, end: start + length };
  };
  const text = node => bytes.subarray(span(node).start, span(node).end).toString();
  const found = [];

  function visit(node, place, isCondition) {
    if (node.nodeType === "ContractDefinition") place = { ...place, contract: node.name };
    if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition")
      place = { ...place, function: node.name || node.kind };
    if (place.function !== undefined) {
      // A base's constructor is not a modifier, though the tree calls both by one name.
      const isBase = node.nodeType === "ModifierInvocation" && place.function === "constructor";
      const options = isBase ? [] : alternatives(node, text);
      if (isCondition) options.push({ kind: "true", text: "true" }, { kind: "false", text: "false" });
      const { start, end } = span(node);
      for (const option of options) {
        found.push({
          ...place,
          line: bytes.subarray(0, start).toString().split("\n").length,
          kind: option.kind,
          original: text(node),
          mutated: Buffer.concat([bytes.subarray(0, start), Buffer.from(option.text), bytes.subarray(end)]).toString(),
        });
      }
    }
    const branches = node.nodeType === "IfStatement" || node.nodeType === "Conditional";
    for (const [key, child] of children(node)) visit(child, place, branches && key === "condition");
  }

  visit(tree, {}, false);
  return found;
}
