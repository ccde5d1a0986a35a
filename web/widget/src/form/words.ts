/** What is wrong with fields, in the visitor's language. */
import type { App } from "../app";
import type { TextKey } from "../texts";
import type { Fault } from "./answers";

const FAULTS = {
  required: "form.required",
  tick: "form.tick",
  email: "form.email.fault",
  number: "form.number",
} as const satisfies Record<Fault, TextKey>;

export function inWords(app: App, faults: ReadonlyMap<string, Fault>): ReadonlyMap<string, string> {
  return new Map([...faults].map(([name, fault]) => [name, app.text(FAULTS[fault])]));
}
