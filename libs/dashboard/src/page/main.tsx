import { effect } from "@preact/signals";
import { render } from "preact";
import { parseRoute, titleOf } from "../figures/routes.js";
import { foreign } from "../figures/text.js";
import { App } from "./app.js";
import { followNode } from "./browser-feed.js";
import { keepPreferences, shortcuts } from "./preferences.js";
import { isKnown, known, route, tables } from "./store.js";

const root = document.getElementById("page") as HTMLElement;

keepPreferences();
followNode();
effect(() => {
  const network = isKnown.value ? [foreign(known().node.network)] : [];
  document.title = [titleOf(route.value), ...network, "SPRTN"].join(" · ");
});
globalThis.addEventListener("hashchange", () => {
  route.value = parseRoute(location.hash);
  document.getElementById("main")?.focus();
  globalThis.scrollTo(0, 0);
});
document.addEventListener("keydown", event => {
  if (event.key.toLowerCase() !== "t" || !shortcuts.value || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof HTMLInputElement)) tables.value = !tables.value;
});
root.replaceChildren();
render(<App />, root);
