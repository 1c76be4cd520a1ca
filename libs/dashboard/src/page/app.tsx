import { Component, type ComponentChildren } from "preact";
import { titleOf } from "../figures/routes.js";
import { About } from "./explorer/about.js";
import { BlockPage } from "./explorer/block.js";
import { EpochPage } from "./explorer/epoch.js";
import { Mempool } from "./explorer/mempool.js";
import { Peers } from "./explorer/peers.js";
import { SlotPage } from "./explorer/slot.js";
import { TxPage } from "./explorer/tx.js";
import { ValidatorPage } from "./explorer/validator.js";
import { Banner, Header } from "./header.js";
import { Patterns } from "./parts.js";
import { isKnown, known, route, stale, verdict } from "./store.js";
import { BlockTimes } from "./view/block-time.js";
import { Duties } from "./view/duty-grid.js";
import { EpochProofs } from "./view/epoch-proof.js";
import { Lanes } from "./view/lanes.js";
import { Load } from "./view/load.js";
import { SlotClock } from "./view/slot-clock.js";
import { ThisNode } from "./view/this-node.js";

/** The whole page. */
export function App() {
  const dim = stale.value ? " stale" : isKnown.value && !known().tips.synced ? " syncing" : "";
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={event => {
          // The fragment names the view.
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        Skip to content
      </a>
      <Patterns />
      <Header />
      <Banner />
      <main id="main" tabIndex={-1} class={`${route.value.page === "overview" ? "overview" : "explorer"}${dim}`}>
        {!isKnown.value ? (
          <>
            <h1>SPRTN node</h1>
            <p class="empty">The state of the node is on its way.</p>
          </>
        ) : (
          <View />
        )}
      </main>
    </>
  );
}

function View() {
  const here = route.value;
  switch (here.page) {
    case "overview":
      return <Overview />;
    case "block":
      return <BlockPage number={here.id} />;
    case "tx":
      return <TxPage hash={here.id} />;
    case "epoch":
      return <EpochPage epoch={here.id} />;
    case "slot":
      return <SlotPage slot={here.id} />;
    case "validator":
      return <ValidatorPage address={here.id} />;
    case "peers":
      return <Peers />;
    case "mempool":
      return <Mempool />;
    case "about":
      return <About />;
    default:
      return (
        <>
          <h1>{titleOf(here)}</h1>
          <p>
            No view has this address. <a href="#/">Back to the overview</a>, or search for a number, hash or address.
          </p>
        </>
      );
  }
}

const regions = [Lanes, SlotClock, BlockTimes, EpochProofs, Duties, Load, ThisNode] as const;

function Overview() {
  return (
    <>
      <h1 class="sr-only">Overview{verdict.value === null ? "" : `: ${verdict.value.word}`}</h1>
      {regions.map((One, i) => (
        <Guard key={i}>
          <One />
        </Guard>
      ))}
    </>
  );
}

/** One region that fails leaves the others alone. */
class Guard extends Component<{ readonly children: ComponentChildren }, { readonly failed: boolean }> {
  override state = { failed: false };
  static override getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return <>{this.props.children}</>;
    return (
      <section class="region failed">
        <p role="alert">
          This part of the page failed. <a href="#/about">Say so</a>, with the node's version;{" "}
          <button type="button" onClick={() => this.setState({ failed: false })}>
            try again
          </button>
        </p>
      </section>
    );
  }
}
