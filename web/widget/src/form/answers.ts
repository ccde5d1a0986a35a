/** What was filled into a form, as it is sent. Pure. */
import type { Field } from "protocol";

/** What a control holds: its text, or whether its box is ticked. */
export type Filled = Readonly<Record<string, string | boolean>>;
export type Answers = Readonly<Record<string, string | number | boolean>>;
export type Fault = "required" | "tick" | "email" | "number";

/** What stands under a field's name, which may be one that every object has (`constructor`). */
export function under<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The answers, without those that were left blank. */
export function answersOf(fields: readonly Field[], filled: Filled): Answers {
  const given = fields.flatMap(({ name, type }) => {
    const value = under(filled, name) ?? "";
    const text = typeof value === "string" ? value.trim() : value;
    return text === "" ? [] : [[name, type === "number" ? Number(text) : text] as const];
  });
  return Object.fromEntries(given);
}

/** What is wrong with which field, before the server says so; by the field's name. */
export function faultsOf(fields: readonly Field[], filled: Filled): ReadonlyMap<string, Fault> {
  const found = fields.map(
    (field) => [field.name, faultOf(field, under(filled, field.name))] as const,
  );
  return new Map(found.flatMap(([name, fault]) => (fault ? [[name, fault]] : [])));
}

function faultOf({ type, required }: Field, value: string | boolean = ""): Fault | null {
  if (type === "checkbox") {
    return required && value !== true ? "tick" : null;
  }
  const text = String(value).trim();
  if (!text) {
    return required ? "required" : null;
  }
  if (type === "number" && !Number.isFinite(Number(text))) {
    return "number";
  }
  return type === "email" && !/^[^\s@]+@[^\s@]+$/.test(text) ? "email" : null;
}

/** What the server refused, by the field that it names; "": it names none. */
export function refusedOf(message: string): { readonly name: string; readonly reason: string } {
  const [, form, name = "", reason = message] = /^(answers\.)?([\w-]+): (.*)$/s.exec(message) ?? [];
  return { name: form === undefined && OWN.includes(name) ? `-${name}` : name, reason };
}

/** Fields of the widget's own; those of a form begin with a letter. */
export const EMAIL = "-email";
export const TEXT = "-text";
export const CONSENT = "-consent";
const OWN = ["email", "text", "consent"];
