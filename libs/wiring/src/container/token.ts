import "reflect-metadata";
import type { DependencyContainer } from "tsyringe";

/**
 * A name under which a container holds a `T`. The type parameter is all that ties them together, so tokens are made
 * with `token` and bound with {@link Bind}.
 */
export interface Token<T> {
  readonly symbol: symbol;
  readonly type?: T;
}

/** A new name for a `T`. */
export function token<T>(name: string): Token<T> {
  return { symbol: Symbol(name) };
}

/** Asks a container for a part. */
export type Get = <T>(from: Token<T>) => T;

/** Registers the factory of a part, which is made once, when it is first asked for; the last one registered counts. */
export type Bind = <T>(to: Token<T>, make: (get: Get) => T) => void;

/** What asks `container` for its parts. */
export function getter(container: DependencyContainer): Get {
  return <T>(from: Token<T>) => container.resolve<T>(from.symbol);
}

/** What binds parts in `container`; their factories ask `get` for others. */
export function binder(container: DependencyContainer, get: Get): Bind {
  return <T>(to: Token<T>, make: (get: Get) => T) => {
    let made: { readonly part: T } | undefined;
    container.register(to.symbol, { useFactory: () => (made ??= { part: make(get) }).part });
  };
}
