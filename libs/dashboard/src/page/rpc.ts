import { useEffect, useState } from "preact/hooks";

/** How a question to the node stands. */
export type Answer<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "error"; readonly code: string; readonly message: string }
  | { readonly kind: "done"; readonly value: T };

interface RpcReply {
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: { readonly code?: string } };
}

let id = 0;

async function ask<T>(method: string, params: readonly unknown[]): Promise<Answer<T>> {
  try {
    const response = await fetch("/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
    });
    const { result, error } = (await response.json()) as RpcReply;
    if (error === undefined) return { kind: "done", value: result as T };
    return { kind: "error", code: error.data?.code ?? "RPC", message: error.message };
  } catch {
    return { kind: "error", code: "NO_ANSWER", message: "The node does not answer; the page asks again by itself." };
  }
}

/** Answers that no longer change, such as a finalized block. */
const settled = new Map<string, unknown>();
const MAX_SETTLED = 64;

/** What a question is asked with. */
export interface Question<T> {
  readonly method: string;
  readonly params: readonly unknown[];
  /** Asked anew when this changes; what is known stays until then. */
  readonly refresh?: unknown;
  /** Whether the answer stays the same for ever. */
  readonly final?: (value: T) => boolean;
}

/** The node's answer by JSON-RPC. */
export function useAnswer<T>({ method, params, refresh, final }: Question<T>): Answer<T> {
  const key = JSON.stringify([method, params]);
  const [known, setKnown] = useState<{ key: string; answer: Answer<T> } | null>(null);
  useEffect(() => {
    if (settled.has(key)) return setKnown({ key, answer: { kind: "done", value: settled.get(key) as T } });
    let wanted = true;
    const look = async () => {
      const answer = await ask<T>(method, params);
      if (!wanted) return;
      if (answer.kind === "done" && final?.(answer.value) === true) keep(key, answer.value);
      setKnown({ key, answer });
    };
    void look();
    return () => {
      wanted = false;
    };
  }, [key, refresh]);
  return known?.key === key ? known.answer : { kind: "loading" };
}

function keep(key: string, value: unknown): void {
  settled.set(key, value);
  const oldest = settled.keys().next().value;
  if (settled.size > MAX_SETTLED && oldest !== undefined) settled.delete(oldest);
}
