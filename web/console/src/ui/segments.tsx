/** A setting with a few choices, all in sight: what it is, what that means, and the choices. It counts at once. */
import { type ReactNode, useId } from "react";
import styles from "./setting.module.css";

interface Props<Choice extends string> {
  readonly label: string;
  readonly about?: ReactNode;
  readonly options: readonly {
    readonly id: Choice;
    readonly label: string;
    readonly lang?: string;
  }[];
  readonly value: Choice;
  readonly onChange: (chosen: Choice) => void;
}

export function SegmentsRow<Choice extends string>(props: Props<Choice>) {
  const { label, about, options, value, onChange } = props;
  const id = useId();
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <span id={id}>{label}</span>
        {about && <p id={`${id}-about`}>{about}</p>}
      </div>
      <div
        role="radiogroup"
        className={styles.segments}
        aria-labelledby={id}
        aria-describedby={about ? `${id}-about` : undefined}
      >
        {options.map((one) => (
          <label key={one.id} lang={one.lang}>
            <input
              type="radio"
              name={id}
              checked={one.id === value}
              onChange={() => onChange(one.id)}
            />
            <span>{one.label}</span>
          </label>
        ))}
      </div>
    </div>
  );
}
