/** A field to search by: what was typed counts when one rests, or presses Enter. */
import { useEffect, useEffectEvent, useState } from "react";
import { Icon } from "./icon";
import styles from "./search-field.module.css";

const RESTS_MS = 250;

interface Props {
  readonly label: string;
  readonly hint?: string;
  /** What is searched by now; it may change from outside. */
  readonly value: string;
  readonly isFirst?: boolean;
  readonly onSearch: (text: string) => void;
}

export function SearchField({ label, hint = label, value, isFirst = false, onSearch }: Props) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value.trim() === text.trim() ? text : value);
  }
  const search = useEffectEvent(() => {
    if (text.trim() !== value) {
      onSearch(text.trim());
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each letter anew
  useEffect(() => {
    const timer = setTimeout(search, RESTS_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className={styles.field}>
      <Icon name="search" />
      <input
        type="search"
        // biome-ignore lint/a11y/noAutofocus: it is what one came for
        autoFocus={isFirst}
        aria-label={label}
        placeholder={hint}
        maxLength={200}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key }) => key === "Enter" && onSearch(text.trim())}
      />
    </label>
  );
}
