import * as z from "zod/mini";
import { CallError, INVALID_PARAMS, type JsonRpcCall } from "./json-rpc.js";
import type { AnyMethod } from "./method-group.js";
import { RpcErrorCode } from "./rpc-error.js";

const MAX_TEXT = 500;

/** A call's arguments, decoded: from an array in order, or from an object by name. @throws CallError −32602 */
export function readParams(method: AnyMethod, params: JsonRpcCall["params"]): unknown[] {
  const given = Array.isArray(params) ? params : byName(method, params as Readonly<Record<string, unknown>>);
  if (given.length > method.params.length) throw wrong(`${given.length} parameters, it takes ${signature(method)}`);
  return method.params.map(({ name, schema }, index) => {
    if (index >= given.length || given[index] === undefined)
      throw wrong(`${name} is missing, it takes ${signature(method)}`);
    const decoded = z.safeDecode(schema, given[index] as never);
    if (decoded.success) return decoded.data;
    throw wrong(issuesText(name, decoded.error));
  });
}

function byName(method: AnyMethod, params: Readonly<Record<string, unknown>>): unknown[] {
  const names = method.params.map(param => param.name);
  const unknown = Object.keys(params).find(name => !names.includes(name));
  if (unknown !== undefined) throw wrong(`no parameter ${unknown.slice(0, 40)}, it takes ${signature(method)}`);
  return names.map(name => params[name]);
}

function signature(method: AnyMethod): string {
  return method.params.length === 0 ? "none" : method.params.map(param => param.name).join(", ");
}

/** What is wrong, with the path to it. */
export function issuesText(what: string, error: z.core.$ZodError): string {
  const texts = error.issues.map(issue => `${[what, ...issue.path].join(".")}: ${issue.message}`);
  return [...new Set(texts)].join("; ").slice(0, MAX_TEXT);
}

function wrong(what: string): CallError {
  return new CallError(INVALID_PARAMS, RpcErrorCode.INVALID_PARAMS, `wrong parameters: ${what}`);
}
