import { type Rates, rates } from "../../figures/rates.js";
import { bytes, count, plural, rate, wei } from "../../figures/text.js";
import { Region, Table, useWidth } from "../parts.js";
import { currentSlot, known } from "../store.js";

const HEIGHT = 96;

/** POOL, FEES, TPS: what the network is asked to do. */
export function Load() {
  const { pool, fees, rules } = known();
  const figures = rates(known(), currentSlot.value);
  return (
    <Region id="load" title="Load" twin={() => <LoadTable figures={figures} />}>
      <dl class="big">
        <div>
          <dt>tx/s pending</dt>
          <dd>{figures.pending === null ? "–" : rate(figures.pending)}</dd>
        </div>
        <div>
          <dt>tx/s proven</dt>
          <dd>{figures.proven === null ? "–" : rate(figures.proven)}</dd>
        </div>
      </dl>
      <Bars figures={figures} />
      <dl class="facts">
        <dt>Waiting</dt>
        <dd>
          <a href="#/mempool">
            {count(pool.count)}
            {"\u00a0"}tx
          </a>
          , {bytes(pool.bytes)}
        </dd>
        {rules.fees === "off" ? (
          <>
            <dt>Fees</dt>
            <dd>off</dd>
          </>
        ) : (
          <>
            <dt>Base fee L2 gas</dt>
            <dd>{wei(fees.perL2Gas)}</dd>
            <dt>Base fee DA gas</dt>
            <dd>{wei(fees.perDaGas)}</dd>
          </>
        )}
      </dl>
    </Region>
  );
}

function Bars({ figures }: { readonly figures: Rates }) {
  const [ref, width] = useWidth<HTMLDivElement>(300);
  const slots = figures.bySlot.slice(-Math.floor(width / 4));
  const most = Math.max(1, ...slots.map(({ txs }) => txs));
  const pitch = Math.min(10, width / Math.max(1, slots.length));
  const paths = { pending: "", proven: "" };
  slots.forEach(({ txs, proven }, i) => {
    if (txs === 0) return;
    const height = Math.max(2, Math.round((txs / most) * (HEIGHT - 16)));
    const x = (width - (slots.length - i) * pitch).toFixed(1);
    const bar = `M${x} ${HEIGHT}v${-height}h${(pitch - 1).toFixed(1)}v${height}Z`;
    paths[proven ? "proven" : "pending"] += bar;
  });
  const text = `Transactions by slot: ${most === 1 ? "at most one" : `at most ${most}`} in the last ${slots.length}`;
  return (
    <div ref={ref} class="graphic">
      <svg width={width} height={HEIGHT + 1} role="img" aria-label={text}>
        <path class="fill-pending" d={paths.pending} />
        <path class="fill-proven" d={paths.proven} />
        <path class="rule" d={`M0 ${HEIGHT}.5H${width}`} />
        <text class="label" x={0} y={10}>
          {paths.pending + paths.proven === ""
            ? "no transaction in a block yet"
            : `up to ${plural(most, "tx", "txs")} a slot`}
        </text>
      </svg>
    </div>
  );
}

function LoadTable({ figures }: { readonly figures: Rates }) {
  const rows = figures.bySlot
    .filter(({ txs }) => txs > 0)
    .slice(-32)
    .toReversed()
    .map(({ slot, txs, proven }) => [
      <a href={`#/slot/${slot}`}>{count(slot)}</a>,
      count(txs),
      proven ? "proven" : "pending",
    ]);
  return <Table caption="Transactions by slot" head={["Slot", "Txs", "Stage"]} rows={rows} />;
}
