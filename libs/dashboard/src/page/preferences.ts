import { effect, signal } from "@preact/signals";

const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

export const theme = signal<Theme>(themes.find(one => one === read("theme")) ?? "system");
/** Keys without a modifier may be in the way of speech input: they can be switched off. */
export const shortcuts = signal(read("shortcuts") !== "off");

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] as Theme;
}

/** Applies and keeps what a reader prefers. */
export function keepPreferences(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    write("theme", theme.value);
  });
  effect(() => write("shortcuts", shortcuts.value ? "on" : "off"));
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`sprtn.${name}`);
  } catch {
    // Forbidden by the browser: then nothing is remembered.
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`sprtn.${name}`, value);
  } catch {
    // As above.
  }
}
