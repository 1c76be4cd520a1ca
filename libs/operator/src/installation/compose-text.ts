import { CONTAINER_DATA } from "./env-variables.js";
import { type Installation, VOLUME } from "./installation.js";
import { traitsOf } from "./role.js";

/** Holds this repository, built, in /app: `deployer network render --cluster compose` writes the file that makes it. */
const IMAGE = "sprtn:0.1.0";
/** A node that ends hands in what it has begun. */
const GRACE = "40s";

/** `docker-compose.yml`: no secret is in it, they stay in `.env`. */
export function composeText(installation: Installation): string {
  const { name, role, rpcPort, p2pPort, data } = installation;
  const { listens, program } = traitsOf(role);
  const volume = data === VOLUME;
  const lines = [
    "# Written by `sprtn config`: docker compose up -d",
    "services:",
    `  ${name}:`,
    `    image: \${SPRTN_IMAGE:-${IMAGE}}`,
    `    command: ["node", "apps/${program}/dist/main.js"]`,
    "    env_file: .env",
    "    environment:",
    `      DATA_DIRECTORY: ${CONTAINER_DATA}`,
    ...(listens ? ["      RPC_HOST: 0.0.0.0"] : []),
    "    user: node",
    "    read_only: true",
    "    tmpfs: /tmp",
    "    restart: unless-stopped",
    `    stop_grace_period: ${GRACE}`,
    "    volumes:",
    `      - ${JSON.stringify(`${volume ? "data" : bindMount(data)}:${CONTAINER_DATA}`)}`,
    ...(listens
      ? [
          "    ports:",
          `      - "127.0.0.1:${rpcPort}:${rpcPort}"`,
          `      - "${p2pPort}:${p2pPort}/tcp"`,
          `      - "${p2pPort}:${p2pPort}/udp"`,
          "    healthcheck:",
          `      test: ["CMD", "node", "-e", ${JSON.stringify(askReady(rpcPort))}]`,
          "      interval: 10s",
          "      start_period: 2m",
        ]
      : []),
    ...(volume ? ["volumes:", "  data:"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** A script that ends with 0 if the node is ready. */
function askReady(port: number): string {
  return `fetch('http://127.0.0.1:${port}/ready').then(r => process.exit(r.ok ? 0 : 1))`;
}

/** Without a slash compose would take it for a volume's name. */
function bindMount(data: string): string {
  return data.startsWith("/") || data.startsWith(".") ? data : `./${data}`;
}
