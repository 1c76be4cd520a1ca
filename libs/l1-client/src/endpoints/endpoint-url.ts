import { L1Error, L1ErrorCode } from "../l1-error.js";

/**
 * An endpoint's URL without user name and password, and the header in which those travel: fetch refuses URLs with
 * credentials. @throws L1Error BAD_SETTING, without the URL, which may hold keys
 */
export function readEndpointUrl(text: string): { readonly url: URL; readonly authorization: string | undefined } {
  if (!URL.canParse(text)) throw bad("an L1 endpoint's URL is not one: correct ETHEREUM_HOST");
  const url = new URL(text);
  const { username, password, protocol, host } = url;
  if (protocol !== "http:" && protocol !== "https:")
    throw bad("an L1 endpoint's URL begins with neither http:// nor https://: correct ETHEREUM_HOST");
  url.username = "";
  url.password = "";
  if (username === "" && password === "") return { url, authorization: undefined };
  try {
    return { url, authorization: basic(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`) };
  } catch {
    // Its text may repeat what could not be decoded.
    throw bad(`the user name or password of the L1 endpoint at ${host} has a % by itself: write %25 for it`);
  }
}

/** In UTF-8: btoa takes one byte a character. */
function basic(credentials: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(credentials)))}`;
}

function bad(text: string): L1Error {
  return new L1Error(L1ErrorCode.BAD_SETTING, text);
}
