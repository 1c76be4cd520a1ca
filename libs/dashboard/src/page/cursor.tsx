import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

interface CursorProps {
  readonly label: string;
  /** Where columns lie, px. */
  readonly left: number;
  readonly pitch: number;
  readonly columns: number;
  /** In words, what a column shows. */
  readonly textOf: (column: number) => string;
  readonly open: (column: number) => void;
  /** Asked for `by` columns beyond the first or the last one, where there are more than there is room for. */
  readonly shift?: (by: number) => void;
  /** Draws, with the column that is pointed at. */
  readonly children: (column: number | null) => ComponentChildren;
}

const PAGE = 8;

/**
 * A graphic of columns that pointer and arrow keys go through: a slider, so that a screen reader says what each shows.
 * End returns to the newest.
 */
export function Cursor({ label, left, pitch, columns, textOf, open, shift, children }: CursorProps) {
  const [at, setAt] = useState<number | null>(null);
  /** The column that a finger had found before it came down: it opens what it touches twice. */
  const found = useRef<number | null>(null);
  const last = columns - 1;
  const clamp = (column: number) => Math.min(last, Math.max(0, column));
  const shown = at === null ? null : clamp(at);
  const columnAt = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    return x < 0 || x > pitch * columns ? null : clamp(Math.floor(x / pitch));
  };
  const moveTo = (to: number) => {
    if (to < 0 || to > last) shift?.(to < 0 ? to : to - last);
    setAt(clamp(to));
  };
  const press = (event: KeyboardEvent) => {
    const from = shown ?? last;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => moveTo(from - 1),
      ArrowDown: () => moveTo(from - 1),
      ArrowRight: () => moveTo(from + 1),
      ArrowUp: () => moveTo(from + 1),
      PageUp: () => moveTo(from - PAGE),
      PageDown: () => moveTo(from + PAGE),
      Home: () => moveTo(-Number.MAX_SAFE_INTEGER),
      End: () => moveTo(Number.MAX_SAFE_INTEGER),
      Enter: () => open(from),
      Escape: () => setAt(null),
    };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]?.();
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
      onPointerDown={event => {
        found.current = event.pointerType === "mouse" ? columnAt(event) : shown;
        setAt(columnAt(event));
      }}
      onPointerMove={event => setAt(columnAt(event))}
      onPointerLeave={event => {
        if (event.pointerType === "mouse") setAt(null);
      }}
      onBlur={() => setAt(null)}
      onKeyDown={press}
      onClick={() => {
        if (shown !== null && found.current === shown) open(shown);
      }}
    >
      {children(shown)}
    </div>
  );
}
