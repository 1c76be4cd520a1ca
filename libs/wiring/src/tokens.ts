import "reflect-metadata";
import type { DependencyContainer } from "tsyringe";

/**
 * A name under which a container holds a `T`. The type parameter is all that ties them together, so tokens are made
 * here and nowhere else.
 */
export interface Token<T> {
  readonly symbol: symbol;
  readonly type?: T;
}

export function token<T>(name: string): Token<T> {
  return { symbol: Symbol(name) };
}

/** Binds a part: made once, when it is first asked for. */
export function bind<T>(container: DependencyContainer, to: Token<T>, make: (get: Get) => T): void {
  let made: { readonly part: T } | undefined;
  container.register(to.symbol, { useFactory: own => (made ??= { part: make(getter(own)) }).part });
}

/** Binds a part that exists already. */
export function bindValue<T>(container: DependencyContainer, to: Token<T>, part: T): void {
  container.register(to.symbol, { useFactory: () => part });
}

/** Asks a container for a part. */
export type Get = <T>(from: Token<T>) => T;

export function getter(container: DependencyContainer): Get {
  return <T>(from: Token<T>) => container.resolve<T>(from.symbol);
}
