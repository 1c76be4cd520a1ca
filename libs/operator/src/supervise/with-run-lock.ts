import { withLock } from "@sprtn/host";
import type { OperatorHost } from "../host/operator-host.js";
import { runPath } from "./run-record.js";

/** Does `work` while no other command starts or stops the folder's node. @throws HostError BUSY, FILE_ACCESS */
export async function withRunLock<T>(host: OperatorHost, directory: string, work: () => Promise<T>): Promise<T> {
  await host.files.makeFolder(runPath(directory, ""));
  return withLock(host, runPath(directory, "lock"), work);
}
