import { createHash } from "node:crypto";

export const digestOf = text => createHash("sha256").update(text).digest("hex");
