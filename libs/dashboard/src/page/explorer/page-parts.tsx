import { type ComponentChildren, Fragment } from "preact";
import { foreign } from "../../figures/text.js";
import type { Answer } from "../rpc.js";

interface AskedProps<T> {
  readonly answer: Answer<T>;
  readonly children: (value: T) => ComponentChildren;
}

/** What the node answered, or why it did not. */
export function Asked<T>({ answer, children }: AskedProps<T>) {
  if (answer.kind === "loading") return <p class="empty">The node is being asked.</p>;
  if (answer.kind === "done") return <>{children(answer.value)}</>;
  return (
    <p class="trouble" role="alert">
      <code>{foreign(answer.code)}</code> {foreign(answer.message, 500)}
    </p>
  );
}

/** Names and values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** A moment, s since 1970, in UTC. */
export function Moment({ seconds }: { readonly seconds: number }) {
  const text = new Date(seconds * 1000).toISOString();
  return <time dateTime={text}>{text.replace("T", " ").replace(".000Z", " UTC")}</time>;
}
