import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { NetworkError, NetworkErrorCode, shellWord } from "@sprtn/network";

/** @throws UNSUPPORTED where docker or its compose is missing */
export async function assertDocker(): Promise<void> {
  const code = await docker(["compose", "version"], "ignore").catch(() => -1);
  if (code !== 0)
    throw new NetworkError(
      NetworkErrorCode.UNSUPPORTED,
      "docker compose is missing: install Docker Engine with its compose plugin, write the files for another machine " +
        "with network render --cluster compose, or use --cluster local",
    );
}

/** Starts what `network render` wrote to `directory`. @throws PROCESS_ENDED */
export async function composeUp(directory: string): Promise<void> {
  const file = join(directory, "compose.yaml");
  const code = await docker(["compose", "-f", file, "up", "--detach", "--wait"], "inherit");
  if (code !== 0)
    throw new NetworkError(
      NetworkErrorCode.PROCESS_ENDED,
      `docker compose ended with ${code}: mend what it says above (the image is built by docker build -f ` +
        `${shellWord(join(directory, "Dockerfile"))} -t IMAGE .); the same command continues`,
    );
}

async function docker(args: readonly string[], stdio: "ignore" | "inherit"): Promise<number | null> {
  const child = spawn("docker", args, { stdio });
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}
