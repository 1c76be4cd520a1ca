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

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
const blindness = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
const times = (matrix: readonly number[], rgb: Rgb): Rgb =>
  [0, 3, 6].map(row => rgb.reduce((sum, value, i) => sum + value * (matrix[row + i] ?? 0), 0)) as unknown as Rgb;

/** CIE L*a*b* of linear sRGB, D65. */
function lab(rgb: Rgb): Rgb {
  const xyz = times([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], rgb);
  const white = [0.9505, 1, 1.089];
  const [x = 0, y = 0, z = 0] = xyz.map((value, i) => {
    const share = Math.max(0, value) / (white[i] ?? 1);
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
/** CIE 1976: about 2 can just be told apart. */
const distance = (a: Rgb, b: Rgb) => Math.hypot(...lab(a).map((value, i) => value - (lab(b)[i] ?? 0)));

describe("colours", () => {
  const of = (name: string, theme: "light" | "dark") => tokens.get(name)?.[theme] as string;

  it("are all read", () => {
    expect(tokens.size).to.equal([...css.matchAll(/^ {2}--/gm)].length);
    expect(contrast("#000000", "#ffffff")).to.be.closeTo(21, 1e-9);
  });

  it("measure as the standard says", () => {
    expect(lab(channels("#ffffff"))[0]).to.be.closeTo(100, 0.01);
    expect(lab(channels("#ff0000")).map(Math.round)).to.deep.equal([53, 80, 67]);
    expect(distance(channels("#000000"), channels("#ffffff"))).to.be.closeTo(100, 0.1);
  });

  for (const theme of ["light", "dark"] as const) {
    const meanings = ["pending", "proven", "finalized", "failure"];
    for (const [kind, matrix] of Object.entries(blindness))
      for (const [i, one] of meanings.entries())
        for (const other of meanings.slice(i + 1))
          it(`${theme}, ${kind}: ${one} differs from ${other}`, () => {
            const [a, b] = [of(one, theme), of(other, theme)].map(hex => times(matrix, channels(hex))) as [Rgb, Rgb];
            expect(distance(a, b)).to.be.at.least(15);
          });

    for (const ground of ["ground", "raised"])
      for (const text of ["ink", "soft", "pending-text", "proven-text", "warning-text", "failure-text"])
        it(`${theme}: ${text} can be read on ${ground}`, () =>
          expect(contrast(of(text, theme), of(ground, theme))).to.be.at.least(4.5));

    for (const graphic of ["control", "pending", "proven", "finalized", "warning", "failure", "empty", "focus"])
      it(`${theme}: ${graphic} can be told from the ground`, () =>
        expect(contrast(of(graphic, theme), of("ground", theme))).to.be.at.least(3));
  }
});
