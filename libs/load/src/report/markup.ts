import { plain } from "./text.js";

/** A longer text is cut: nobody reads it in a table. */
const MAX_TEXT = 400;

/** HTML that was put together by {@link markup}. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | null | Markup | readonly Part[];

/** HTML from a template. All that is put into it stays text, except other {@link Markup}. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => `${text}${written(parts[i - 1] ?? null)}${string}`));
}

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return part.map(written).join("");
}

function escaped(text: string): string {
  return plain(text, MAX_TEXT)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A table whose first column names the row. `numbers`: the columns, from 0, that hold figures. */
export function table({
  caption,
  head,
  rows,
  numbers = [],
}: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Part[])[];
  readonly numbers?: readonly number[];
}): Markup {
  const look = (column: number) => (numbers.includes(column) ? "number" : "text");
  return markup`<div class="wide" tabindex="0" role="group" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((one, i) => markup`<th scope="col" class="${look(i)}">${one}</th>`)}</tr></thead>
<tbody>${rows.map(
    row => markup`<tr>${row.map((cell, i) =>
      i === 0 ? markup`<th scope="row" class="${look(i)}">${cell}</th>` : markup`<td class="${look(i)}">${cell}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;
}

/** A chart that the page's script draws, with the sentence that says what it shows. */
export function chart({
  name,
  title,
  says,
  choice,
}: {
  readonly name: string;
  readonly title: string;
  readonly says: string;
  readonly choice?:
    | { readonly label: string; readonly options: readonly string[]; readonly chosen: string }
    | undefined;
}): Markup {
  const control =
    choice === undefined
      ? null
      : markup`<label class="choice">${choice.label} <select data-chooses="${name}">${choice.options.map(option =>
          option === choice.chosen ? markup`<option selected>${option}</option>` : markup`<option>${option}</option>`,
        )}</select></label>`;
  return markup`<figure class="chart"><div class="head"><h3>${title}</h3>${control}</div>
<div class="drawing" data-chart="${name}" role="img" aria-label="${title}. ${says}"></div>
<figcaption>${says}</figcaption></figure>`;
}
