/** What the server refuses about a name, an address or a password, in the page's words. Pure. */
import type { Refusal } from "protocol";
import type { TextKey } from "../texts/texts";

export type Part = "name" | "email" | "password";

export interface Fault {
  /** Where it is wrong; null: nowhere in particular. */
  readonly part: Part | null;
  readonly key: TextKey;
  readonly values: Record<string, string>;
}

/** Of the rules that the server has today; what it may say tomorrow is shown as it says it. */
const PASSWORD: readonly (readonly [RegExp, TextKey])[] = [
  [/^(?<least>\d+) to (?<most>\d+) characters$/, "account:fault.password.length"],
  [/cannot be typed/, "account:fault.password.typed"],
  [/e-mail address/, "account:fault.password.address"],
  [/tried first/, "account:fault.password.common"],
];

/** `refusal`: null if no server answered. */
export function faultOf(refusal: Refusal | null): Fault {
  switch (refusal?.code) {
    case undefined:
    case "unavailable":
      return { part: null, key: "account:fault.unreachable", values: {} };
    case "too_many":
      return { part: null, key: "account:fault.too-many", values: {} };
    case "bad_name":
      return { part: "name", key: "account:fault.name", values: {} };
    case "name_taken":
      return { part: "name", key: "account:fault.name.taken", values: {} };
    case "conflict":
      return { part: "email", key: "account:fault.email.taken", values: {} };
    default:
      return inputFault(refusal?.message ?? "");
  }
}

function inputFault(message: string): Fault {
  const [, part, reason = ""] = /^(name|email|password): (.*)$/s.exec(message) ?? [];
  if (part === "password") {
    const rule = PASSWORD.find(([form]) => form.test(reason));
    const values = rule?.[0].exec(reason)?.groups ?? {};
    return rule ? { part, key: rule[1], values: { ...values } } : at(part, reason);
  }
  if (part === "email") {
    return { part, key: "account:fault.email", values: {} };
  }
  return part === "name" ? at(part, reason) : at(null, message);
}

function at(part: Part | null, reason: string): Fault {
  return { part, key: part ? "account:fault.reason" : "account:fault.other", values: { reason } };
}
