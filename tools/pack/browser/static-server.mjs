import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** The headers under which a page may share memory with its workers. */
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/**
 * Serves a folder. `hidden` paths answer 404; `page` answers them with an HTML page instead, as servers of single-page
 * applications do; `isolated: false` leaves the headers out.
 */
export async function serveFolder(folder, { hidden = [], page = false, isolated = true } = {}) {
  const answer = async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = path === "/" ? "/index.html" : path;
    const headers = isolated ? isolation : {};
    const isHidden = hidden.some(name => file.endsWith(`/${name}`));
    const body = isHidden ? undefined : await readFile(join(folder, file)).catch(() => undefined);
    const type = body === undefined ? "text/html" : (types[extname(file)] ?? "application/octet-stream");
    response.writeHead(body === undefined && !page ? 404 : 200, { ...headers, "content-type": type });
    response.end(request.method === "HEAD" ? undefined : (body ?? "<!doctype html><title>not here</title>"));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
