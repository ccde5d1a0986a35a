/** Somebody's picture, else their letters on a ground of their own; with a dot that says whether they are there. */
import styles from "./avatar.module.css";

/** `none`: it is not known, or they are not connected. */
export type Dot = "online" | "busy" | "away" | "none";

interface Props {
  readonly name: string;
  /** By which the ground is chosen. */
  readonly id: number;
  readonly size?: 20 | 28 | 32 | 40 | 64;
  /** Its address. */
  readonly picture?: string | undefined;
  readonly dot?: Dot | undefined;
}

const GROUNDS = 6;

export function Avatar({ name, id, size = 32, picture, dot }: Props) {
  const ground = `a${(Math.abs(id) % GROUNDS) + 1}`;
  return (
    <span className={`${styles.avatar} ${styles[ground]} ${styles[`s${size}`]}`} aria-hidden="true">
      {picture ? <img src={picture} alt="" /> : lettersOf(name)}
      {dot && <i className={`${styles.dot} ${styles[dot]}`} />}
    </span>
  );
}

const IDEOGRAPH = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

/** Two initials, or the first character of a name that is written without spaces. */
export function lettersOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s-]+/u)
    .filter(Boolean);
  const first = firstOf(words[0] ?? "");
  const last = words.length > 1 ? firstOf(words.at(-1) ?? "") : "";
  const isWestern = /\p{L}/u.test(last) && !IDEOGRAPH.test(first);
  return (isWestern ? first + last : first).toLocaleUpperCase();
}

const CHARACTERS = new Intl.Segmenter(); // making one takes longer than all that it is asked here

function firstOf(word: string): string {
  const [first] = CHARACTERS.segment(word);
  return first?.segment ?? "";
}
