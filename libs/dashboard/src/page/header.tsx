import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { searchChoices } from "../figures/search.js";
import { foreign, span } from "../figures/text.js";
import { Mark } from "./parts.js";
import { nextTheme, shortcuts, theme } from "./preferences.js";
import { clockMs, currentSlot, followed, isKnown, known, nowMs, route, syncSeconds, tables, verdict } from "./store.js";

/** Name, state in a sentence, search, ways to other views. */
export function Header() {
  const node = isKnown.value ? known().node : null;
  const here = (page: string) => (route.value.page === page ? { "aria-current": "page" as const } : {});
  return (
    <header class="top">
      <a class="brand" href="#/" {...here("overview")}>
        SPRTN
        {node === null ? null : (
          <span class="network">
            {foreign(node.network)} <span class="soft">{foreign(node.chainId)}</span>
          </span>
        )}
      </a>
      <Sentence />
      <nav aria-label="Views">
        <a href="#/" {...here("overview")}>
          Overview
        </a>
        <a href="#/peers" {...here("peers")}>
          Peers
        </a>
        <a href="#/mempool" {...here("mempool")}>
          Mempool
        </a>
        <a href="#/about" {...here("about")}>
          About
        </a>
      </nav>
      <Search />
      <div class="controls">
        <button type="button" aria-pressed={tables.value} onClick={() => (tables.value = !tables.value)}>
          Tables
        </button>
        <button type="button" onClick={nextTheme} aria-label={`Theme: ${theme.value}; switch`}>
          <ThemeMark />
          <span class="theme-name">{theme.value}</span>
        </button>
      </div>
    </header>
  );
}

function ThemeMark() {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="6" class="theme-ring" />
      <path d="M7 1a6 6 0 0 1 0 12Z" class="theme-half" />
    </svg>
  );
}

/** The state in words; said to screen readers once a slot at most. */
function Sentence() {
  const said = useSignal("");
  const now = verdict.value;
  const slot = currentSlot.value;
  const word = now === null ? "Connecting" : now.word;
  useEffect(() => {
    // A countdown in it is no news.
    const news = now === null ? "Connecting" : `${now.word}: ${now.text}`;
    const spoken = word.startsWith("Genesis") ? "Genesis is near" : news;
    said.value = spoken;
  }, [slot, word.replaceAll(/\d+/g, "")]);
  if (now === null) {
    const { lostSinceMs } = followed.value;
    return (
      <p class="sentence">
        <Mark tone={lostSinceMs === null ? "wait" : "bad"} />
        <span>
          <b>{lostSinceMs === null ? "Connecting" : "No answer from the node"}</b>
          <Retry />
        </span>
      </p>
    );
  }
  return (
    <>
      <p class={`sentence tone-${now.tone}`}>
        <Mark tone={now.tone} />
        <span>
          <b>{now.word}:</b> {now.code === undefined ? null : <code>{foreign(now.code)}</code>} {now.text}
          {now.word !== "Syncing" || syncSeconds.value === null ? null : `, about ${span(syncSeconds.value)} left`}
          <Retry />
        </span>
      </p>
      <p class="sr-only" role="status">
        {said.value}
      </p>
    </>
  );
}

function Retry() {
  const { retryAtMs, lostSinceMs } = followed.value;
  if (retryAtMs === null || lostSinceMs === null) return null;
  const left = Math.max(0, Math.ceil((retryAtMs - clockMs.value) / 1000));
  return <span class="soft"> · tries again {left === 0 ? "now" : `in ${left} s`}</span>;
}

function Search() {
  const query = useSignal("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || !shortcuts.value || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);
  const typed = query.value.trim();
  const choices = !isKnown.value || typed === "" ? [] : searchChoices(typed, known(), nowMs.value);
  const close = () => (query.value = "");
  return (
    <search class="search">
      <form
        onSubmit={event => {
          event.preventDefault();
          if (choices[0] === undefined) return;
          location.hash = choices[0].href;
          close();
        }}
        onKeyDown={event => {
          if (event.key === "Escape") close();
        }}
      >
        <input
          ref={input}
          type="search"
          aria-label="Search a number, a transaction's hash or a validator's address"
          placeholder="Number, hash, address  /"
          autocomplete="off"
          spellcheck={false}
          value={query.value}
          onInput={event => (query.value = event.currentTarget.value)}
        />
        {typed === "" ? null : (
          <ul class="choices">
            {choices.length === 0 ? (
              <li class="soft">A number, 64 hex digits of a hash, or an address</li>
            ) : (
              choices.map(({ label, href }) => (
                <li key={href}>
                  <a href={href} onClick={close}>
                    {label}
                  </a>
                </li>
              ))
            )}
          </ul>
        )}
      </form>
    </search>
  );
}

/** What a reader must not take for real. */
export function Banner() {
  if (!isKnown.value) return null;
  const { proofMode, crs, density } = known().node;
  const proofs =
    proofMode === "simulated"
      ? "Simulated proofs: L1 takes anyone's word for a proof here. Nothing on this network is worth anything."
      : crs === "dev"
        ? "Real proofs under the development CRS: anyone can forge them. Nothing on this network is worth anything."
        : null;
  const shared =
    density === 1
      ? null
      : `${density} validators share this process and its chain: memory, disk and crashes are not those of a network.`;
  const texts = [proofs, shared].filter(text => text !== null);
  return texts.length === 0 ? null : (
    <aside class="banner" aria-label="Warning">
      <Mark tone="warn" />
      {texts.join(" ")}
    </aside>
  );
}
