import { expect } from "chai";
import { ReflectionKind } from "typedoc";
import { docstringProblems, undocumentedSymbols } from "./docstrings.mjs";

const reflection = (name, kind, { parent, comment = false, signatures } = {}) => ({
  parent,
  signatures,
  kindOf: kinds => (kind & kinds) !== 0,
  hasComment: () => comment,
  getFullName: () => name,
});
const file = reflection("@sprtn/a", ReflectionKind.Module);
const top = { parent: file };

describe("docstring check", () => {
  it("finds exported symbols without a docstring, and no members", () => {
    const type = reflection("@sprtn/a.Type", ReflectionKind.Interface, top);
    const reflections = [
      file,
      type,
      reflection("@sprtn/a.Type.field", ReflectionKind.Property, { parent: type }),
      reflection("@sprtn/a.Told", ReflectionKind.Class, { ...top, comment: true }),
      reflection("@sprtn/a.again", ReflectionKind.Reference, top),
    ];
    expect(undocumentedSymbols({ reflections })).to.deep.equal(["@sprtn/a.Type"]);
  });

  it("takes the comment of a function's signature", () => {
    const call = comment =>
      reflection("@sprtn/a.call", ReflectionKind.Function, { ...top, signatures: [{ hasComment: () => comment }] });
    expect(undocumentedSymbols({ reflections: [call(true)] })).to.deep.equal([]);
    expect(undocumentedSymbols({ reflections: [call(false)] })).to.deep.equal(["@sprtn/a.call"]);
  });

  it("lets the list of those without one only shrink", () => {
    expect(docstringProblems(["a", "b"], ["a", "b"])).to.deep.equal([]);
    expect(docstringProblems(["a", "new"], ["a"])).to.deep.equal(["new: write a docstring"]);
    expect(docstringProblems([], ["a"])).to.deep.equal([
      "a: has a docstring, or is gone: take it out of tools/api/undocumented.json",
    ]);
  });
});
