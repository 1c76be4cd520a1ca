/** The page's colours, as the theme of the moment has them. */
const names = [
  "ground",
  "raised",
  "line",
  "control",
  "ink",
  "soft",
  "pending",
  "proven",
  "warning",
  "failure",
  "empty",
] as const;
type Colour = (typeof names)[number];
export type Colours = Readonly<Record<Colour, string>>;

/** A canvas knows no `light-dark()`: the browser works it out for an element. */
export function coloursOf(root: HTMLElement): Colours {
  const probe = document.createElement("span");
  root.append(probe);
  const entries = names.map(name => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}

/** A line's colour and its dashes: never its hue alone. */
export interface Line {
  readonly colour: Colour;
  readonly dash: readonly number[];
}

const SOLID: readonly number[] = [];
const DASHED: readonly number[] = [7, 4];
const DOTTED: readonly number[] = [2, 3];

export const rateLines: Readonly<Record<"asked" | "sent" | "pending" | "proven", Line>> = {
  asked: { colour: "soft", dash: DASHED },
  sent: { colour: "ink", dash: DOTTED },
  pending: { colour: "pending", dash: SOLID },
  proven: { colour: "proven", dash: SOLID },
};

export const stageLines: Readonly<Record<string, Line>> = {
  sent: { colour: "soft", dash: DOTTED },
  accepted: { colour: "soft", dash: SOLID },
  proposed: { colour: "warning", dash: DASHED },
  attested: { colour: "warning", dash: SOLID },
  pending: { colour: "pending", dash: SOLID },
  proven: { colour: "proven", dash: SOLID },
  finalized: { colour: "ink", dash: SOLID },
};

export const blockLines: Readonly<Record<"proposal" | "quorum" | "l1", Line>> = {
  proposal: { colour: "warning", dash: DASHED },
  quorum: { colour: "pending", dash: SOLID },
  l1: { colour: "ink", dash: SOLID },
};

const nodeColours: readonly Colour[] = ["pending", "proven", "warning", "failure"];

/** Of a node by its number: four hues, each once solid and once dashed. */
export function nodeLine(i: number): Line {
  return { colour: nodeColours[i % 4] ?? "ink", dash: i % 8 < 4 ? SOLID : DASHED };
}
