import { describe, expect, it } from "vitest";
import { faultOf } from "./faults";

function badInput(message: string) {
  return faultOf({ code: "bad_input", message, retry_ms: null });
}

describe("what the server refuses", () => {
  it("about a password is told in the page's words", () => {
    expect(badInput("password: 12 to 200 characters")).toEqual({
      part: "password",
      key: "account:fault.password.length",
      values: { least: "12", most: "200" },
    });
    const said = ["must not be the e-mail address", "is one of those that are tried first"];
    expect(said.map((reason) => badInput(`password: ${reason}`).key)).toEqual([
      "account:fault.password.address",
      "account:fault.password.common",
    ]);
  });

  it("about a password is told as the server says it if the rule is new", () => {
    expect(badInput("password: rhymes")).toEqual({
      part: "password",
      key: "account:fault.reason",
      values: { reason: "rhymes" },
    });
  });

  it("stands at what is wrong", () => {
    const codes = ["bad_name", "name_taken", "conflict", "too_many"] as const;
    const parts = codes.map((code) => faultOf({ code, message: "", retry_ms: null }).part);
    expect(parts).toEqual(["name", "name", "email", null]);
    expect(badInput("email: is no address").part).toBe("email");
  });

  it("is told as it is if it is about nothing that the page knows", () => {
    expect(badInput("body: is no JSON").values.reason).toBe("body: is no JSON");
  });

  it("is nothing if there is no server", () => {
    expect(faultOf(null).key).toBe("account:fault.unreachable");
  });
});
