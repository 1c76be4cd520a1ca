import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface CursorProps {
  readonly label: string;
  /** Where columns lie, px. */
  readonly left: number;
  readonly pitch: number;
  readonly columns: number;
  /** In words, what a column shows. */
  readonly textOf: (column: number) => string;
  readonly open: (column: number) => void;
  /** Draws, with the column that is pointed at. */
  readonly children: (column: number | null) => ComponentChildren;
}

/**
 * A graphic of columns that pointer and arrow keys go through: a slider, so that a screen reader says what each shows.
 * End returns to the newest.
 */
export function Cursor({ label, left, pitch, columns, textOf, open, children }: CursorProps) {
  const [at, setAt] = useState<number | null>(null);
  const last = columns - 1;
  const clamp = (column: number) => Math.min(last, Math.max(0, column));
  const shown = at === null ? null : clamp(at);
  const point = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    setAt(x < 0 || x > pitch * columns ? null : clamp(Math.floor(x / pitch)));
  };
  const press = (event: KeyboardEvent) => {
    const from = shown ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last, PageUp: from - 8, PageDown: from + 8 };
    if (event.key === "Enter") return open(from);
    if (event.key === "Escape") return setAt(null);
    const next = to[event.key as keyof typeof to];
    if (next === undefined) return;
    event.preventDefault();
    setAt(clamp(next));
  };
  if (columns === 0) return <div class="cursor">{children(null)}</div>;
  return (
    <div
      class="cursor"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={shown ?? last}
      aria-valuetext={textOf(shown ?? last)}
      onPointerMove={point}
      onPointerLeave={() => setAt(null)}
      onBlur={() => setAt(null)}
      onKeyDown={press}
      onClick={() => {
        if (shown !== null) open(shown);
      }}
    >
      {children(shown)}
    </div>
  );
}
