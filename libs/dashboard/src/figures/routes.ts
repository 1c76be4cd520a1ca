/** A view of the page, as the address's fragment names it. */
export type Route =
  | { readonly page: "overview" | "peers" | "mempool" | "about" }
  | { readonly page: "block" | "epoch" | "slot"; readonly id: number }
  | { readonly page: "tx" | "validator"; readonly id: string }
  | { readonly page: "unknown"; readonly path: string };

const numbered = new Set(["block", "epoch", "slot"]);
const plain = new Set(["peers", "mempool", "about"]);
const hexes = new Map([
  ["tx", /^0x[\da-f]{64}$/i],
  ["validator", /^0x[\da-f]{40}$/i],
]);
/** Numbers of blocks, slots and epochs are u32. */
const MAX_NUMBER = 2 ** 32 - 1;

/** The view that a fragment such as `#/block/7` names. */
export function parseRoute(fragment: string): Route {
  const path = fragment.replace(/^#?\/?/, "");
  if (path === "") return { page: "overview" };
  const [page = "", id, ...rest] = path.split("/");
  if (rest.length === 0) {
    if (plain.has(page) && id === undefined) return { page } as Route;
    if (numbered.has(page) && /^\d{1,10}$/.test(id ?? "") && Number(id) <= MAX_NUMBER)
      return { page, id: Number(id) } as Route;
    if (hexes.get(page)?.test(id ?? "") === true) return { page, id: id?.toLowerCase() } as Route;
  }
  return { page: "unknown", path };
}

/** What a view is called: its heading, and the window's title. */
export function titleOf(route: Route): string {
  switch (route.page) {
    case "overview":
      return "Overview";
    case "peers":
      return "Peers";
    case "mempool":
      return "Mempool";
    case "about":
      return "About this node";
    case "tx":
      return "Transaction";
    case "unknown":
      return "Nothing here";
    default:
      return `${route.page.replace(/^./, first => first.toUpperCase())} ${
        typeof route.id === "number" ? route.id : `${route.id.slice(0, 6)}…${route.id.slice(-4)}`
      }`;
  }
}
