import type { PlannedProcess, ProgramName } from "../plan/planned-process.js";

/** Where the image, which holds this repository, built, has the programs. */
const mains: Readonly<Record<ProgramName, string>> = {
  l1: "libs/network/dist/l1/main.js",
  deployer: "apps/deployer/dist/main.js",
  node: "apps/node/dist/main.js",
  "prover-agent": "apps/prover-agent/dist/main.js",
};

/** A process's command line in the image. */
export function commandOf({ program, args }: Pick<PlannedProcess, "program" | "args">): string[] {
  return ["node", "--enable-source-maps", mains[program], ...args];
}

/** A program that ends with 0 once `GET /ready`, or an L1's JSON-RPC, answers. */
export function probeOf({ role, port }: Pick<PlannedProcess, "role" | "port">): string[] {
  const block =
    '{method:"POST",headers:{"content-type":"application/json"},body:' + // it is code of another program
    'JSON.stringify({jsonrpc:"2.0",id:1,method:"eth_blockNumber",params:[]})}';
  const request = role === "l1" ? `"http://localhost:${port}",${block}` : `"http://localhost:${port}/ready"`;
  return ["node", "-e", `fetch(${request}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`];
}

/** How long a node may take to end in its order, s. */
export const STOP_SECONDS = 40;
/** The image's user, who is not root. */
export const USER = 1000;

/** What the image is built from, in the repository's folder. */
export const dockerfile = `# The image of a network's containers; build it in the repository's folder.
# Not run: where this was written, there is no Docker.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app /app
# Named volumes take over whom these belong to.
RUN mkdir /data /deployment && chown ${USER}:${USER} /data /deployment
USER ${USER}:${USER}
`;
