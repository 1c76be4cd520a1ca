import { isAbsolute, join } from "node:path";
import type { Installation } from "./installation.js";
import { type NodeProgram, traitsOf } from "./role.js";

/** The programs as they are on this machine. */
export interface InstalledPrograms {
  /** Node itself. */
  readonly execPath: string;
  readonly mains: Readonly<Record<NodeProgram, string>>;
  /** Who runs them. */
  readonly user: string;
}

/** `sprtn.service`, for whoever wants systemd to run the node. */
export function unitText(installation: Installation, { execPath, mains, user }: InstalledPrograms): string {
  const { directory, name, role, data } = installation;
  const folder = isAbsolute(data) ? data : join(directory, data);
  return `# Written by \`sprtn config\`. To let systemd run this node, as root:
#   cp sprtn.service /etc/systemd/system/sprtn-${name}.service && systemctl enable --now sprtn-${name}
[Unit]
Description=SPRTN ${role} ${escaped(name)}
Wants=network-online.target
After=network-online.target

[Service]
User=${escaped(user)}
WorkingDirectory=${escaped(directory)}
EnvironmentFile=${escaped(join(directory, ".env"))}
ExecStart=${quoted(execPath)} --enable-source-maps ${quoted(mains[traitsOf(role).program])}
Restart=on-failure
RestartSec=5
# A wrong setting stays wrong, and what is refused for safety stays refused.
RestartPreventExitStatus=2 4
TimeoutStopSec=40
LimitNOFILE=65536
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=strict
ReadWritePaths=${quoted(directory)} ${quoted(folder, "-")}

[Install]
WantedBy=multi-user.target
`;
}

/** systemd replaces what begins with %. */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}

/** With `-` in front, a path that does not exist is passed over. */
function quoted(path: string, before = ""): string {
  return `"${before}${escaped(path).replace(/["\\$]/g, match => (match === "$" ? "$$" : `\\${match}`))}"`;
}
