import { readFileSync } from "node:fs";
import { expect } from "chai";

const css = readFileSync(new URL("../../src/look/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }] as const,
  ),
);

type Rgb = readonly [number, number, number];
const channels = (hex: string): Rgb =>
  [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
const luminance = (hex: string) => {
  const [r, g, b] = channels(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
/** WCAG 2.2: 1 to 21. */
const contrast = (a: string, b: string) => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

describe("colours", () => {
  const of = (name: string, theme: "light" | "dark") => tokens.get(name)?.[theme] as string;

  it("are all read", () => {
    expect(tokens.size).to.equal([...css.matchAll(/^ {2}--/gm)].length);
    expect(contrast("#000000", "#ffffff")).to.be.closeTo(21, 1e-9);
  });

  for (const theme of ["light", "dark"] as const) {
    for (const ground of ["ground", "raised"])
      for (const text of ["ink", "soft", "pending-text", "proven-text", "warning-text", "failure-text"])
        it(`${theme}: ${text} can be read on ${ground}`, () =>
          expect(contrast(of(text, theme), of(ground, theme))).to.be.at.least(4.5));

    for (const graphic of ["control", "pending", "proven", "finalized", "warning", "failure", "empty", "focus"])
      it(`${theme}: ${graphic} can be told from the ground`, () =>
        expect(contrast(of(graphic, theme), of("ground", theme))).to.be.at.least(3));
  }
});
