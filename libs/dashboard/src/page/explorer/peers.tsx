import { count, foreign, short } from "../../figures/text.js";
import { Foreign, Table } from "../parts.js";
import { useAnswer } from "../rpc.js";
import { known, nowMs } from "../store.js";
import { Asked } from "./page-parts.js";

interface Peer {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly score: number;
  readonly direction: "inbound" | "outbound";
  readonly agent: string | null;
}

const MAX_LISTED = 200;
const ASK_MS = 10_000;

export function Peers() {
  const { peers } = known();
  const answer = useAnswer<readonly Peer[]>({
    method: "node_getPeers",
    params: [],
    refresh: `${peers.inbound} ${peers.outbound} ${Math.floor(nowMs.value / ASK_MS)}`,
  });
  return (
    <>
      <h1>Peers</h1>
      <p>
        {count(peers.inbound)} came in, {count(peers.outbound)} were called. A peer with a low score is disconnected.
      </p>
      <Asked answer={answer}>
        {all =>
          all.length === 0 ? (
            <p class="empty">No peer is connected: check BOOTNODE_URL, and that the P2P port can be reached.</p>
          ) : (
            <Table
              caption={all.length > MAX_LISTED ? `The first ${MAX_LISTED}` : "Connected now, best score first"}
              head={["Peer", "Direction", "Score", "Agent and address"]}
              rows={all
                .toSorted((a, b) => b.score - a.score)
                .slice(0, MAX_LISTED)
                .map(({ id, direction, score, agent, addresses }) => [
                  <span class="hex" title={foreign(id)}>
                    {short(foreign(id))}
                  </span>,
                  direction === "inbound" ? "← in" : "→ out",
                  score.toFixed(1),
                  <>
                    {agent === null ? "–" : <Foreign text={agent} />}
                    <br />
                    <span class="soft">
                      <Foreign text={addresses[0] ?? "no address"} />
                    </span>
                  </>,
                ])}
            />
          )
        }
      </Asked>
    </>
  );
}
