/**
 * A value that is changed where it stands: pressed it is a field; Enter or leaving it keeps what was typed,
 * Escape what was there.
 *
 * Rules: what is refused stays in the field, with the reason beside it.
 */
import { Unanswered } from "client/wire";
import { type KeyboardEvent, useState } from "react";
import { useTexts } from "../texts/texts";
import styles from "./editable.module.css";
import { Icon } from "./icon";

interface Props {
  /** What it is of. */
  readonly label: string;
  readonly value: string;
  /** In place of an empty value. */
  readonly none: string;
  readonly type?: "text" | "email" | "tel";
  readonly maxLength?: number;
  /** Whether nothing is a value. */
  readonly isNeeded?: boolean;
  /** Rejects with Unanswered. */
  readonly onKeep: (text: string) => Promise<unknown>;
}

export function Editable(props: Props) {
  const { label, value, none, type = "text", maxLength = 200, isNeeded = false, onKeep } = props;
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  if (text === null) {
    return (
      <button
        type="button"
        className={styles.value}
        aria-label={t("details:edit", { what: label, value: value || none })}
        onClick={() => setText(value)}
      >
        <span className={value ? "" : styles.none} dir="auto">
          {value || none}
        </span>
        <Icon name="pencil" size={12} />
      </button>
    );
  }
  const leave = () => {
    setText(null);
    setFault(null);
  };
  const faultOf = ({ code, message }: Unanswered) => {
    if (code === "gone") {
      return t("shell:fault.gone");
    }
    return code === "bad_input" ? t("details:bad", { what: label }) : message;
  };
  const keep = () => {
    const next = text.trim();
    if (next === value || (!next && isNeeded)) {
      leave();
      return;
    }
    setText(null); // it shows at once
    onKeep(next).then(
      () => setFault(null),
      (error: unknown) => {
        if (!(error instanceof Unanswered)) {
          throw error;
        }
        setText(next);
        setFault(faultOf(error));
      },
    );
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      keep();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    }
  };
  return (
    <span className={styles.editing}>
      <input
        // biome-ignore lint/a11y/noAutofocus: it appears because one asked for it
        autoFocus
        className={styles.field}
        type={type}
        aria-label={label}
        aria-invalid={fault ? true : undefined}
        maxLength={maxLength}
        value={text}
        dir="auto"
        onChange={({ target }) => setText(target.value)}
        onKeyDown={press}
        onBlur={fault ? undefined : keep}
      />
      {fault && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
    </span>
  );
}
