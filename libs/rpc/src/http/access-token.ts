import { createHash, timingSafeEqual } from "node:crypto";

/** Whether an Authorization header shows `token`, in a time that says nothing of how much of it was right. */
export function showsToken(header: string | undefined, token: string | undefined): boolean {
  const given = /^bearer +([^\s]+)$/i.exec(header ?? "")?.[1];
  if (given === undefined || token === undefined) return false;
  return timingSafeEqual(digest(given), digest(token));
}

/** Of one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
