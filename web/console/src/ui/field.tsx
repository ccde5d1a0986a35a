/** A field of a form: its name, what is typed, a hint, and what is wrong with it, said to everybody. */
import type { InputHTMLAttributes, ReactNode, Ref } from "react";
import { useId } from "react";
import styles from "./field.module.css";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "className"> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** undefined: nothing is wrong. */
  readonly fault?: string | undefined;
  /** Beside the label. */
  readonly end?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export function Field({ label, hint, fault, end, ...input }: Props) {
  const id = useId();
  const about = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <label htmlFor={id}>{label}</label>
        {end}
      </div>
      <input
        {...input}
        id={id}
        aria-invalid={fault ? true : undefined}
        aria-describedby={about || undefined}
      />
      {fault && (
        <p id={`${id}-fault`} className={styles.fault} role="alert" data-fault={input.name}>
          {fault}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
