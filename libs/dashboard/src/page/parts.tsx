import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Tone } from "../figures/describe-state.js";
import { foreign, short } from "../figures/text.js";
import { known, tables } from "./store.js";

interface RegionProps {
  readonly id: string;
  readonly title: ComponentChildren;
  /** Beside the title: legend or figures. */
  readonly aside?: ComponentChildren;
  /** The same figures as a table. */
  readonly twin?: (() => ComponentChildren) | undefined;
  readonly children: ComponentChildren;
}

/** A part of the overview: a title, and a graphic or its table. */
export function Region({ id, title, aside, twin, children }: RegionProps) {
  const asTable = tables.value && twin !== undefined;
  return (
    <section class={`region ${id}`} aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside === undefined ? null : <div class="aside">{aside}</div>}
      </div>
      {asTable ? (
        <div class="twin" tabIndex={0} role="group" aria-labelledby={`${id}-title`}>
          {twin()}
        </div>
      ) : (
        children
      )}
    </section>
  );
}

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** A plain table; the first column names the row. */
export function Table({ caption, head, rows }: TableProps) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map(one => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) =>
              j === 0 ? (
                <th key={j} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={j}>{cell}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A hash or address, shortened; the whole one is copied on a click. */
export function Hex({ value, whole = false }: { readonly value: string; readonly whole?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button type="button" class="hex" title={`${value}: copy`} onClick={copy} onBlur={() => setCopied(false)}>
      {whole ? value : short(value)}
      {copied ? <span class="copied"> copied</span> : null}
    </button>
  );
}

/** A validator by its address, with a mark if it is this node's. */
export function Validator({ address }: { readonly address: string }) {
  return (
    <>
      <a class="hex" href={`#/validator/${address}`} title={address}>
        {short(address)}
      </a>
      {address === known().node.own ? <span class="you"> you</span> : null}
    </>
  );
}

/** What a peer or an operator named. */
export function Foreign({ text }: { readonly text: string }) {
  return <span class="foreign">{foreign(text)}</span>;
}

const marks: Readonly<Record<Tone, string>> = {
  good: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11Z",
  idle: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11Zm0 2a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7Z",
  wait: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11Zm0 2v7a3.5 3.5 0 0 0 0-7Z",
  warn: "M8 1.5 15 14H1Zm-.9 4.5.3 4.2h1.2L8.9 6Zm.9 5.1a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z",
  bad: "M3.5 2 8 6.5 12.5 2 14 3.5 9.5 8 14 12.5 12.5 14 8 9.5 3.5 14 2 12.5 6.5 8 2 3.5Z",
};

/** A tone's shape: never its hue alone. */
export function Mark({ tone }: { readonly tone: Tone }) {
  return (
    <svg class={`mark tone-${tone}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path fill-rule="evenodd" d={marks[tone]} />
    </svg>
  );
}

/** The width that an element has, for graphics that are drawn in pixels. */
export function useWidth<T extends HTMLElement>(initial: number) {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setWidth(Math.max(120, Math.floor(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}

/** A sample of what a graphic's legend explains. */
export function Sample({ look, children }: { readonly look: string; readonly children: ComponentChildren }) {
  return (
    <span class="sample">
      <svg width="10" height="10" aria-hidden="true">
        <rect class={look} x="0.5" y="0.5" width="9" height="9" />
      </svg>
      {children}
    </span>
  );
}

/** Fills that differ by more than hue. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        {["pending", "proven", "failure"].map(hue => (
          <pattern key={hue} id={`hatch-${hue}`} width="4" height="4" patternUnits="userSpaceOnUse">
            <path class={`stroke-${hue}`} d="M-1 1 1-1M0 4 4 0M3 5 5 3" stroke-width="1.4" />
          </pattern>
        ))}
        <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">
          <circle class="fill-soft" cx="2" cy="2" r="0.9" />
        </pattern>
      </defs>
    </svg>
  );
}
