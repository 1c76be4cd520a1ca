import { type AnyMethod, type AsyncApi, type MethodGroup, wireMethods } from "./method-group.js";

/** A group of methods and what carries them out; {@link serveGroup} makes one. */
export interface ServedGroup {
  readonly methods: ReadonlyMap<string, ServedMethod>;
}

export interface ServedMethod {
  readonly method: AnyMethod;
  /** Only for callers that show the server's token. */
  readonly guarded: boolean;
  readonly call: (args: readonly unknown[]) => Promise<unknown>;
}

/** Binds a group's schema to its implementation; `guarded` methods need the server's token. */
export function serveGroup<Api extends AsyncApi<Api>>(
  group: MethodGroup<Api>,
  api: Api,
  { guarded = false }: { readonly guarded?: boolean } = {},
): ServedGroup {
  const entries = [...wireMethods(group)].map(([wire, { name, method }]) => {
    const call = (args: readonly unknown[]) =>
      (api[name] as unknown as (...values: readonly unknown[]) => Promise<unknown>).apply(api, [...args]);
    return [wire, { method, guarded, call }] as const;
  });
  return { methods: new Map(entries) };
}
