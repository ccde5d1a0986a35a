/**
 * The fields of a form, each with its label and what is wrong with it.
 *
 * Rules: labels and options are whoever's who made the form, and are shown as text. A fault stands
 * under its field in words, and the field says that it has one.
 * Not here: what is filled in and what is wrong (index, inline), what either means (answers).
 */
import type { Field } from "protocol";
import type { App } from "../app";
import { MOST_CHARS } from "../parts/composer";
import { Drawn } from "../parts/icon";
import { type Filled, under } from "./answers";

const ALERT = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6.5v4M10 13.5h.01";
/** More options than these are a list to open. */
const MOST_CHIPS = 5;

const TYPES: Readonly<Record<string, string>> = { email: "email", phone: "tel" };
const COMPLETED: Readonly<Record<string, string>> = { email: "email", phone: "tel" };

/** A field; of the widget's own, with what stands beside it. */
export interface AskedField extends Field {
  readonly help?: string;
  /** A page that says more. */
  readonly link?: { readonly text: string; readonly href: string };
  /** It is what one writes: the composer's place. */
  readonly isWords?: boolean;
}

/** What is filled in, and what is wrong with it, in words. */
export interface Filling {
  readonly values: Filled;
  readonly faults: ReadonlyMap<string, string>;
}

interface Props extends Filling {
  readonly app: App;
  readonly fields: readonly AskedField[];
  /** What makes the ids of this form's fields its own. */
  readonly id: string;
  onFill(name: string, value: string | boolean): void;
}

interface One extends Omit<Props, "fields"> {
  readonly field: AskedField;
}

export function FieldList({ fields, ...rest }: Props) {
  return fields.map((field) => <OneField key={field.name} field={field} {...rest} />);
}

/** Goes to the first field that has a fault. */
export function focusFault(root: ParentNode): void {
  const first = root.querySelector<HTMLElement>("[aria-invalid='true']");
  (first?.querySelector("input") ?? first)?.focus();
}

function OneField(one: One) {
  const { type = "text", options = [] } = one.field;
  if (type === "checkbox") {
    return <Box {...one} />;
  }
  if (type === "select" && options.length <= MOST_CHIPS) {
    return <Chips {...one} />;
  }
  return (
    <div class="k-field">
      <label class="k-legend" for={idOf(one)}>
        <Label {...one} />
      </label>
      <Control {...one} />
      <Below {...one} />
    </div>
  );
}

function Control(one: One) {
  const { field, values, onFill } = one;
  const { name, type = "text", placeholder = "", options = [] } = field;
  const common = {
    ...describing(one),
    class: "k-in",
    value: String(under(values, name) ?? ""),
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onFill(name, currentTarget.value),
  };
  if (type === "select") {
    return (
      <select {...common}>
        <option value="">{one.app.text("form.choose")}</option>
        {options.map(({ label, value }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (type === "textarea") {
    return (
      <textarea
        {...common}
        {...(field.isWords && { "data-kefu": "composer" })}
        rows={3}
        dir="auto"
        maxLength={MOST_CHARS}
        placeholder={placeholder}
      />
    );
  }
  return (
    <input
      {...common}
      type={TYPES[type] ?? "text"}
      dir={type === "text" ? "auto" : "ltr"}
      inputMode={type === "number" ? "decimal" : undefined}
      autocomplete={COMPLETED[type] ?? (name === "name" ? "name" : "on")}
      placeholder={placeholder}
    />
  );
}

function Chips(one: One) {
  const { field, values, onFill, id } = one;
  const { name, options = [] } = field;
  const { required, ...described } = describing(one);
  const label = `${idOf(one)}-label`;
  return (
    <div
      class="k-field"
      role="radiogroup"
      aria-labelledby={label}
      aria-required={required}
      {...described}
    >
      <div class="k-legend" id={label}>
        <Label {...one} />
      </div>
      <div class="k-chips">
        {options.map(({ label: text, value }) => (
          <label key={value} class="k-chip">
            <input
              type="radio"
              name={`${id}-${name}`}
              checked={under(values, name) === value}
              onChange={() => onFill(name, value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
      <Below {...one} />
    </div>
  );
}

function Box(one: One) {
  const { field, values, onFill } = one;
  const { name, link, required } = field;
  return (
    <div class="k-field">
      <label class="k-check">
        <input
          {...describing(one)}
          type="checkbox"
          checked={under(values, name) === true}
          onChange={({ currentTarget }) => onFill(name, currentTarget.checked)}
        />
        <span>
          {field.label} {!required && <i>{one.app.text("form.optional")}</i>}
        </span>
      </label>
      {link && (
        // Beside the label, not in it: a press on the link ticks no box.
        <p class="k-help">
          <a href={link.href} target="_blank" rel="noopener noreferrer">
            {link.text}
          </a>
        </p>
      )}
      <Below {...one} />
    </div>
  );
}

function Label({ app, field }: One) {
  return (
    <>
      <span dir="auto">{field.label}</span>
      {!field.required && <i>{app.text("form.optional")}</i>}
    </>
  );
}

function Below(one: One) {
  const fault = one.faults.get(one.field.name);
  const { help } = one.field;
  if (fault === undefined && !help) {
    return null;
  }
  const id = `${idOf(one)}-about`;
  return fault === undefined ? (
    <p class="k-help" id={id}>
      {help}
    </p>
  ) : (
    <p class="k-err" id={id}>
      <Drawn path={ALERT} class="k-i s" />
      {fault}
    </p>
  );
}

function describing(one: One) {
  const { field, faults } = one;
  const id = idOf(one);
  const isFaulty = faults.has(field.name);
  return {
    id,
    required: field.required ?? false,
    "aria-invalid": isFaulty,
    ...((isFaulty || field.help) && { "aria-describedby": `${id}-about` }),
  };
}

function idOf({ id, field }: One): string {
  return `${id}-${field.name}`;
}
