/** What was filled into a form, as it is sent. Pure. */
import type { Field } from "protocol";
import type { Answers } from "./unsent";

/** What a control holds: its text, or whether its box is ticked. */
export type Filled = Readonly<Record<string, string | boolean>>;

export type Fault = "required" | "email" | "number";

/** The answers, without those that were left blank. */
export function answersOf(fields: readonly Field[], filled: Filled): Answers {
  const given = fields.flatMap(({ name, type }) => {
    const value = filled[name] ?? "";
    const text = typeof value === "string" ? value.trim() : value;
    return text === "" ? [] : [[name, type === "number" ? Number(text) : text] as const];
  });
  return Object.fromEntries(given);
}

/** What is wrong with which field, before the server says so; by the field's name. */
export function faultsOf(fields: readonly Field[], filled: Filled): ReadonlyMap<string, Fault> {
  const found = fields.map((field) => [field.name, faultOf(field, filled[field.name])] as const);
  return new Map(found.flatMap(([name, fault]) => (fault ? [[name, fault]] : [])));
}

function faultOf({ type, required }: Field, value: string | boolean = ""): Fault | null {
  if (typeof value === "boolean") {
    return required && !value ? "required" : null;
  }
  const text = value.trim();
  if (!text) {
    return required ? "required" : null;
  }
  if (type === "number" && !Number.isFinite(Number(text))) {
    return "number";
  }
  return type === "email" && !/^[^\s@]+@[^\s@]+$/.test(text) ? "email" : null;
}
