/** The key of an act, beside it. The one outside fields, which is shorter, or the one everywhere. */
import { useKeys } from "../keys/acts";
import { type Act, type Chord, namesOf } from "../keys/keys";
import { isMac } from "../keys/system";
import styles from "./keys.module.css";

interface Props {
  readonly act?: Act | undefined;
  /** The one that counts where one types, too. */
  readonly isAnywhere?: boolean;
}

export function Keys({ act, isAnywhere = false }: Props) {
  const keys = useKeys();
  const { outside, anywhere } = act ? keys[act] : {};
  return <ChordKeys chord={(isAnywhere ? anywhere : (outside ?? anywhere)) ?? ""} />;
}

/** Empty: nothing. */
export function ChordKeys({ chord }: { readonly chord: Chord }) {
  return chord ? (
    <span className={styles.keys} aria-hidden="true">
      {namesOf(chord, isMac).map((name) => (
        <kbd key={name} className={styles.key}>
          {name}
        </kbd>
      ))}
    </span>
  ) : null;
}
