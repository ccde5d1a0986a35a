/**
 * The fields of a form, each with its label, and what is wrong with it.
 *
 * Rules: labels and options are whoever's who made the form, and are shown as text. A fault stands
 * at its field, which gets the focus.
 */
import type { Field } from "protocol";
import { create } from "shared/view/dom";
import type { Filled } from "../core/answers";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

/** A field; one of the page's own has its label in the page's words. */
export type Asked = Field & { readonly labelKey?: TextKey; readonly more?: More };

/** A page that says more of a field. */
interface More {
  readonly key: TextKey;
  readonly href: string;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const INPUTS: Readonly<Record<string, string>> = {
  email: "email",
  phone: "tel",
  checkbox: "checkbox",
};
const COMPLETED: Readonly<Record<string, AutoFill>> = { email: "email", phone: "tel" };

export class Fields {
  private readonly controls = new Map<string, { control: Control; fault: HTMLElement }>();

  /** Puts the fields into `place`, in the place of what was there. */
  constructor(place: HTMLElement, fields: readonly Asked[]) {
    place.replaceChildren(...fields.flatMap((field) => this.build(field)));
  }

  filled(): Filled {
    const values = [...this.controls].map(
      ([name, { control }]) => [name, contentOf(control)] as const,
    );
    return Object.fromEntries(values);
  }

  fill(values: Readonly<Record<string, unknown>>): void {
    for (const [name, { control }] of this.controls) {
      const value = values[name];
      if (control instanceof HTMLInputElement && control.type === "checkbox") {
        control.checked = value === true;
      } else if (typeof value === "string" || typeof value === "number") {
        control.value = String(value);
      }
    }
  }

  /** Shows these faults and no others, and goes to the first; false: there is no such field. */
  showFaults(faults: ReadonlyMap<string, { key: TextKey; reason?: string }>): boolean {
    let first: Control | null = null;
    for (const [name, { control, fault }] of this.controls) {
      const found = faults.get(name);
      fault.hidden = !found;
      control.setAttribute("aria-invalid", String(found !== undefined));
      if (found) {
        words.setText(fault, found.key, { reason: found.reason ?? "" });
        first ??= control;
      }
    }
    first?.focus();
    return first !== null;
  }

  focus(): void {
    this.controls.values().next().value?.control.focus();
  }

  private build(field: Asked): HTMLElement[] {
    const control = controlOf(field);
    const fault = create("p", "error");
    control.id = `field-${field.name}`;
    control.required = field.required ?? false;
    fault.id = `${control.id}-fault`;
    fault.hidden = true;
    control.setAttribute("aria-describedby", fault.id);
    this.controls.set(field.name, { control, fault });
    const label = labelOf(field, control.id);
    if (field.type === "checkbox") {
      label.className = "tick";
      label.prepend(control);
      return [label, ...(field.more ? [linkTo(field.more)] : []), fault];
    }
    return [label, control, fault];
  }
}

/** Beside the label, not in it: a press on the link ticks no box. */
function linkTo({ key, href }: More): HTMLElement {
  const line = create("p", "more");
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  words.setText(link, key);
  line.append(link);
  return line;
}

function labelOf({ label: text, labelKey, required }: Asked, id: string): HTMLLabelElement {
  const label = document.createElement("label");
  label.htmlFor = id;
  const shown = create("span", "");
  if (labelKey) {
    words.setText(shown, labelKey);
  } else {
    shown.textContent = text;
  }
  label.append(shown);
  if (required) {
    const must = create("span", "hint");
    words.setText(must, "begin.required");
    label.append(" ", must);
  }
  return label;
}

function controlOf(field: Field): Control {
  const { type = "text", placeholder = "" } = field;
  if (type === "select") {
    return selectOf(field);
  }
  if (type === "textarea") {
    const area = document.createElement("textarea");
    area.rows = 3;
    area.placeholder = placeholder;
    area.maxLength = 10_000;
    return area;
  }
  const input = document.createElement("input");
  input.type = INPUTS[type] ?? "text";
  input.autocomplete = COMPLETED[type] ?? "on";
  input.placeholder = placeholder;
  input.inputMode = type === "number" ? "decimal" : "";
  return input;
}

function selectOf({ options = [] }: Field): HTMLSelectElement {
  const select = document.createElement("select");
  const none = new Option("", "");
  words.setText(none, "begin.choose");
  select.append(none, ...options.map(({ label, value }) => new Option(label, value)));
  return select;
}

function contentOf(control: Control): string | boolean {
  const isBox = control instanceof HTMLInputElement && control.type === "checkbox";
  return isBox ? control.checked : control.value;
}
