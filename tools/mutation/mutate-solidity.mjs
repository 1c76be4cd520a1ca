// Mutation points of a Solidity file, by the offsets of solc's typed syntax tree. As many as can be are compiled into
// one text, in which IsMutant.at(id) says whether a mutant is at work; the others are texts of their own.
import { operatorSwaps } from "./operators.mjs";

const swaps = { ...operatorSwaps, "==": ["!="], "!=": ["=="] };

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

const statements = new Set(["ExpressionStatement", "EmitStatement", "RevertStatement", "Return"]);

/** An expression that keeps its type when it becomes a conditional one. */
const isChoosable = ({ typeDescriptions, lValueRequested }) =>
  lValueRequested === false &&
  /^t_(?:bool|uint\d+|int\d+|bytes\d+|address)/.test(typeDescriptions?.typeIdentifier ?? "");

/**
 * @param source the file, whose bytes the tree's offsets count
 * @param tree solc's SourceUnit with types
 * @returns `[{ contract, function, line, kind, original, start, end, text, anchor }]`: `text` stands in place of the
 * bytes from `start` to `end`; `anchor` is the expression or statement around it that may become a choice, if any
 */
export function mutantsOf(source, tree) {
  const bytes = Buffer.from(source);
  const span = ({ src }) => {
    const [start, length] = src.split(":").map(Number);
    return { start, end: start + length };
  };
  const text = node => bytes.subarray(span(node).start, span(node).end).toString();
  /** With its semicolon, which the tree leaves out. */
  const statementSpan = node => ({ start: span(node).start, end: bytes.indexOf(";", span(node).end) + 1 });
  const found = [];

  function anchorOf(node, { parent, key, anchor }) {
    if (statements.has(node.nodeType) && key !== "loopExpression") return { kind: "statement", ...statementSpan(node) };
    // What is tried has to be a call.
    if (key === "externalCall") return undefined;
    if (isChoosable(node)) return { kind: "expression", ...span(node) };
    // A number that is declared gets the declared type in either case.
    if (parent?.nodeType === "VariableDeclarationStatement" && key === "initialValue") {
      const [declared, ...others] = parent.declarations;
      if (others.length === 0 && declared?.typeName?.nodeType === "ElementaryTypeName")
        return { kind: "expression", type: declared.typeName.name, ...span(node) };
    }
    return node.nodeType === "Block" || parent?.nodeType === "ForStatement" ? undefined : anchor;
  }

  function visit(node, place) {
    if (node.nodeType === "ContractDefinition") place = { ...place, contract: node.name };
    if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition")
      place = { ...place, function: node.name || node.kind };
    const anchor = anchorOf(node, place);
    const { contract, function: name, parent, key } = place;
    if (name !== undefined) {
      // A base's constructor is not a modifier, though the tree calls both by one name.
      const isBase = node.nodeType === "ModifierInvocation" && name === "constructor";
      // A loop that does not go on has no end.
      const options = isBase || key === "loopExpression" ? [] : alternatives(node, text);
      const branches = parent?.nodeType === "IfStatement" || parent?.nodeType === "Conditional";
      if (branches && key === "condition")
        options.push({ kind: "true", text: "true" }, { kind: "false", text: "false" });
      const isStatement = statements.has(node.nodeType);
      const { start, end } = isStatement ? statementSpan(node) : span(node);
      for (const option of options) {
        const line = bytes.subarray(0, start).toString().split("\n").length;
        // A pointer to storage may not be left without a value, not even in one branch.
        const isPointer = node.expression?.typeDescriptions?.typeIdentifier.endsWith("_storage_ptr");
        const where = isStatement && isPointer ? undefined : anchor;
        found.push({ contract, function: name, line, original: text(node), start, end, anchor: where, ...option });
      }
    }
    for (const [childKey, child] of children(node)) visit(child, { ...place, parent: node, key: childKey, anchor });
  }

  visit(tree, {});
  return found;
}

/** The file with one mutant in its place. */
export function mutated(source, { start, end, text }) {
  const bytes = Buffer.from(source);
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]).toString();
}

/** Where IsMutant is for solc, and what it says. */
export const isMutantSource = {
  name: "mutation/IsMutant.sol",
  /** Its code answers with the id of the mutant at work. */
  address: "0x000000000000000000000000000000004d757461",
  /** The answer when nothing is to be changed, but every mutant that is reached is to be told to EDR. */
  recording: 2 ** 32,
  content: `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;

library IsMutant {
    function at(uint256 id) internal pure returns (bool) {
        return _castToPure(_look)(id);
    }

    function _look(uint256 id) private view returns (bool isActive) {
        assembly ("memory-safe") {
            mstore(0, id)
            mstore(32, 0)
            pop(staticcall(gas(), 0x000000000000000000000000000000004d757461, 0, 0, 32, 32))
            isActive := eq(mload(32), id)
            // EDR takes what calls this address for coverage, and answers nothing.
            if eq(mload(32), 0x100000000) {
                pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
            }
        }
    }

    function _castToPure(function(uint256) view returns (bool) viewing)
        private
        pure
        returns (function(uint256) pure returns (bool) looking)
    {
        assembly ("memory-safe") {
            looking := viewing
        }
    }
}
`,
};

/** The file with all of `mutants` in it, which have an `id` from 1 on and an anchor. */
export function withMutants(source, mutants) {
  const bytes = Buffer.from(source);
  const anchors = [...new Map(mutants.map(({ anchor }) => [`${anchor.start} ${anchor.end}`, anchor])).values()];
  // Outer ones first.
  anchors.sort((a, b) => a.start - b.start || b.end - a.end);
  const raw = (start, end) => bytes.subarray(start, end).toString();

  /** The text from `start` to `end` with the choices that lie in it; `rest`: those anchors. */
  function render(start, end, rest) {
    let text = "";
    let at = start;
    for (const [i, anchor] of rest.entries()) {
      if (anchor.start < at) continue;
      const inner = rest.slice(i + 1).filter(other => other.end <= anchor.end && other.start < anchor.end);
      text += raw(at, anchor.start) + choice(anchor, render(anchor.start, anchor.end, inner));
      at = anchor.end;
    }
    return text + raw(at, end);
  }

  function choice(anchor, unchanged) {
    const own = mutants.filter(({ anchor: its }) => its.start === anchor.start && its.end === anchor.end);
    const changed = ({ start, end, text }) => raw(anchor.start, start) + text + raw(end, anchor.end);
    if (anchor.kind === "statement") {
      const branches = own.map(mutant => `if (IsMutant.at(${mutant.id})) { ${changed(mutant)} } else `);
      return `{ ${branches.join("")}{ ${unchanged} } }`;
    }
    const typed = text => (anchor.type === undefined ? `(${text})` : `${anchor.type}(${text})`);
    const branches = own.map(mutant => `IsMutant.at(${mutant.id}) ? ${typed(changed(mutant))} : `);
    return `(${branches.join("")}${typed(unchanged)})`;
  }

  return `${render(0, bytes.length, anchors)}\nimport {IsMutant} from "${isMutantSource.name}";\n`;
}
