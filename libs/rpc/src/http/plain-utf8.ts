import type { IncomingHttpHeaders } from "node:http";

/** Whether a body is UTF-8, as JSON is, and was neither compressed nor encoded otherwise: nothing else is decoded. */
export function isPlainUtf8(headers: IncomingHttpHeaders): boolean {
  const { "content-encoding": encoding = "identity", "content-type": type = "" } = headers;
  if (!/^\s*(identity)?\s*$/i.test(encoding)) return false;
  const [, ...parameters] = type.split(";");
  return parameters.every(parameter => {
    const [name = "", value = ""] = parameter.split("=", 2).map(part => part.trim().toLowerCase());
    return name !== "charset" || /^("utf-?8"|utf-?8)$/.test(value);
  });
}
