import type * as z from "zod/mini";

/** One argument of a method; `schema` decodes it from JSON and, for clients, encodes it. */
export interface Param<T> {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodMiniType<T>;
}

/** One method: what it takes, in order, and what it answers. */
export interface Method<Args extends readonly unknown[], Result> {
  readonly summary: string;
  readonly params: { readonly [Index in keyof Args]: Param<Args[Index]> };
  readonly result: z.ZodMiniType<Result>;
  /** Units of work that a call costs beyond the one for being a call; none by default. */
  work?(args: Args): number;
  /** Of what the result, if it is not null, is one, or an array: never changes under its key, and is encoded once. */
  readonly parts?: ResultParts;
}

export interface ResultParts {
  readonly schema: z.ZodMiniType;
  /** Names the part among all parts of all methods. */
  readonly key: (part: unknown) => string;
}

/** Parts that `key` names. */
export function partsOf<Part>(schema: z.ZodMiniType<Part>, key: (part: Part) => string): ResultParts {
  return { schema, key: part => key(part as Part) };
}

/** An interface whose methods are all asynchronous. */
export type AsyncApi<Api> = { readonly [Name in keyof Api]: (...args: never[]) => Promise<unknown> };

/**
 * The schema of an interface: server dispatch, client and OpenRPC document are derived from it. Methods are `prefix` +
 * the name.
 *
 * const proverMethods: MethodGroup<ProverApi> = { prefix: "prover_", methods: { getEpochs: { summary, params: [],
 * result } } };
 */
export interface MethodGroup<Api extends AsyncApi<Api>> {
  readonly prefix: string;
  readonly methods: { readonly [Name in keyof Api]: Method<Parameters<Api[Name]>, Awaited<ReturnType<Api[Name]>>> };
}

/** A method whose interface is not known any more. */
export type AnyMethod = Method<readonly unknown[], unknown>;

/** The methods of a group by the name that they have on the wire. */
export function wireMethods<Api extends AsyncApi<Api>>(
  group: MethodGroup<Api>,
): ReadonlyMap<string, { readonly name: keyof Api & string; readonly method: AnyMethod }> {
  const names = Object.keys(group.methods) as (keyof Api & string)[];
  return new Map(names.map(name => [group.prefix + name, { name, method: group.methods[name] }]));
}
