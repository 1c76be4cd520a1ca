import { CodedError } from "@sprtn/primitives";
import { expect } from "chai";
import { readEndpointUrl } from "./endpoint-url.js";

describe("an L1 endpoint's URL", () => {
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString("base64")}`;

  for (const [text, url, authorization] of [
    ["http://host:1/v3", "http://host:1/v3", undefined],
    ["http://user:p%40ss@host/v3", "http://host/v3", basic("user:p@ss")],
    ["https://:p@host", "https://host/", basic(":p")],
    ["https://zo\u00eb:%E2%82%AC@host", "https://host/", basic("zo\u00eb:\u20ac")],
  ] as const)
    it(`loses its credentials to a header: ${text}`, () => {
      const read = readEndpointUrl(text);
      expect([read.url.href, read.authorization]).to.deep.equal([url, authorization]);
    });

  for (const text of ["http://a%zz:hunter2@host", "http://a:hunter2%@host", "ftp://a:hunter2@host", "a:hunter2@ host"])
    it(`is refused without being repeated: ${text}`, () => {
      expect(() => readEndpointUrl(text))
        .to.throw(CodedError)
        .that.satisfies(
          (error: CodedError) =>
            error.code === "L1_BAD_SETTING" && !error.message.includes("hunter2") && error.cause === undefined,
        );
    });
});
