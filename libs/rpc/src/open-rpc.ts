import * as z from "zod/mini";
import { type AnyMethod, type AsyncApi, type MethodGroup, wireMethods } from "./method-group.js";

/** The OpenRPC document of groups: what `rpc.discover` answers. */
export interface OpenRpcDocument {
  readonly openrpc: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly methods: readonly object[];
}

/** Describes `methods` by their schemas of the JSON side. */
export function openRpcDocument(version: string, methods: ReadonlyMap<string, AnyMethod>): OpenRpcDocument {
  return {
    openrpc: "1.3.2",
    info: {
      title: "SPRTN node",
      version,
      description:
        "JSON-RPC 2.0 on POST /. Fields and hashes are 0x and 64 hex digits, amounts and other big numbers are " +
        "decimal strings, bytes are hex. Errors carry their code in data.code.",
    },
    methods: [...methods].map(([name, method]) => ({
      name,
      summary: method.summary,
      paramStructure: "either",
      params: method.params.map(param => ({
        name: param.name,
        description: param.description,
        required: true,
        schema: jsonSchema(param.schema),
      })),
      result: { name: "result", schema: jsonSchema(method.result) },
    })),
  };
}

/** Of the JSON side. */
function jsonSchema(schema: z.ZodMiniType): object {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

/** What a server says about itself. */
export interface DiscoverApi {
  discover(): Promise<OpenRpcDocument>;
}

const document: z.ZodMiniType<OpenRpcDocument> = z.object({
  openrpc: z.string(),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  methods: z.array(z.looseObject({ name: z.string() })),
});

/** `rpc.discover`. */
export const discoverMethods: MethodGroup<DiscoverApi> = {
  prefix: "rpc.",
  methods: { discover: { summary: "This document", params: [], result: document } },
};

/** The methods of `group` for {@link openRpcDocument}. */
export function methodsOf<Api extends AsyncApi<Api>>(group: MethodGroup<Api>): [string, AnyMethod][] {
  return [...wireMethods(group)].map(([wire, { method }]) => [wire, method]);
}
