import { bytes, plural, wei } from "../../figures/text.js";
import { useAnswer } from "../rpc.js";
import { known } from "../store.js";
import { Asked, Facts } from "./page-parts.js";

const LISTED = 100;

export function Mempool() {
  const { pool, fees, rules, tips } = known();
  const answer = useAnswer<readonly string[]>({
    method: "node_getPendingTxs",
    params: [LISTED],
    refresh: `${pool.count} ${pool.bytes} ${tips.pending}`,
  });
  return (
    <>
      <h1>Mempool</h1>
      <Facts
        facts={[
          ["Waiting", `${plural(pool.count, "transaction")}, ${bytes(pool.bytes)}`],
          rules.fees === "off"
            ? ["Base fee", "fees are off: 1 wei per gas in every block"]
            : ["Base fee", `${wei(fees.perL2Gas)} L2, ${wei(fees.perDaGas)} DA, per gas, in the next block`],
        ]}
      />
      <Asked answer={answer}>
        {hashes =>
          hashes.length === 0 ? (
            <p class="empty">No transaction waits. Each one that a wallet sends shows here until it is in a block.</p>
          ) : (
            <>
              <h2>{pool.count > LISTED ? `The best paying ${LISTED}` : "Best paying first"}</h2>
              <ol class="members">
                {hashes.map(hash => (
                  <li key={hash}>
                    <a class="hex" href={`#/tx/${hash}`} title={hash}>
                      {hash.slice(0, 10)}…{hash.slice(-8)}
                    </a>
                  </li>
                ))}
              </ol>
            </>
          )
        }
      </Asked>
    </>
  );
}
