// Serves the built page as a node does, with states, events and answers that are made up: for tests and screenshots.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { assetsFolder } from "@sprtn/dashboard";

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const types = { ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript" };

const RESYNC = "event: resync\ndata: {}\n\n";
const time = atMs => `event: time\ndata: ${JSON.stringify({ atMs })}\n\n`;
const escaped = state => JSON.stringify(state).replaceAll("<", "\\u003c");

/**
 * @param snapshot the state that a page gets, with which it also begins unless `written` is false
 * @param answer what JSON-RPC answers to a method and its parameters
 */
export async function servePage({ snapshot, answer = () => null, written = true }) {
  const streams = new Set();
  let isDown = false;
  const handle = async (request, response) => {
    if (isDown) return response.destroy();
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (request.method === "POST") {
      const chunks = await Array.fromAsync(request);
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer(method, params) }));
    }
    if (pathname === "/ui/snapshot") {
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify(snapshot));
    }
    if (pathname === "/ui/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      // As a node does: the time, which shows that the stream stands, or that the page has to fetch a state.
      response.write(searchParams.has("since") ? time(snapshot.atMs) : RESYNC);
      streams.add(response);
      return response.on("close", () => streams.delete(response));
    }
    const name = pathname === "/" ? "/index.html" : normalize(pathname);
    const file = await readFile(join(assetsFolder(), name)).catch(() => undefined);
    if (file === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(name)], "content-security-policy": CSP });
    response.end(name === "/index.html" && written ? String(file).replace("<!--snapshot-->", escaped(snapshot)) : file);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const send = text => streams.forEach(stream => stream.write(text));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    event: event => send(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`),
    resync: () => send(RESYNC),
    setSnapshot: state => (snapshot = state),
    streams: () => streams.size,
    /** As if the node had been killed; `false` brings it back. */
    down(value = true) {
      isDown = value;
      if (value) server.closeAllConnections();
    },
    close() {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}
