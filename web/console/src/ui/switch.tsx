/** A setting that is on or off: what it is, what that means, and the switch. It counts at once. */
import { type ReactNode, useId } from "react";
import styles from "./setting.module.css";

interface Props {
  readonly label: string;
  readonly about?: ReactNode;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function SwitchRow({ label, about, isOn, onChange }: Props) {
  const id = useId();
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <label htmlFor={id}>{label}</label>
        {about && <p id={`${id}-about`}>{about}</p>}
      </div>
      <button
        id={id}
        type="button"
        role="switch"
        className={styles.switch}
        aria-checked={isOn}
        aria-describedby={about ? `${id}-about` : undefined}
        onClick={() => onChange(!isOn)}
      />
    </div>
  );
}
