import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Reads what to watch until its input ends, which is when the process that feeds it is gone, however it went; then ends
 * the processes that are left, and removes the folders.
 * In sh, because it must outlive this process and cost nothing: one for all of an engine's processes, about 1 MB.
 */
const script = `
pids=' '
while read -r what it; do
  case $what in
    watch) pids="$pids$it " ;;
    forget) pids="\${pids%% $it *} \${pids#* $it }" ;;
    folder) set -- "$@" "$it" ;;
  esac
done
for pid in $pids; do kill -KILL "$pid"; done
[ $# -eq 0 ] || rm -rf -- "$@"
`;

/**
 * Ends the children of a process that cannot do so itself. bb does not notice that its parent died before it has
 * finished the proof at hand, and an 'exit' handler does not run on
 * SIGKILL or on a signal without a handler: a killed prover would come back to two gigabytes that are taken.
 */
export class OrphanGuard {
  readonly #sh: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor() {
    // Its own session: Ctrl-C in a terminal goes to every process in the group, and this one must be the last.
    this.#sh = spawn("sh", ["-c", script, "sh"], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    // Without a guard everything works but the ending of orphans: not worth failing for.
    this.#sh.on("error", () => {});
    this.#sh.stdin?.on("error", () => {});
    this.#ended = once(this.#sh, "close").catch(() => {});
  }

  watch(pid: number): void {
    this.#tell("watch", String(pid));
  }

  forget(pid: number): void {
    this.#tell("forget", String(pid));
  }

  /** Removes this folder at the end, whatever happens. */
  watchFolder(path: string): void {
    this.#tell("folder", path);
  }

  async close(): Promise<void> {
    this.#sh.stdin?.end();
    await this.#ended;
  }

  #tell(what: string, it: string): void {
    this.#sh.stdin?.write(`${what} ${it}\n`);
  }
}
