/** What is shown where nothing is: a drawing, what is so, and one thing to do. */
import type { ReactNode } from "react";
import styles from "./empty.module.css";

const ARTS = {
  cup: [
    "M28 30h32v14a10 10 0 0 1-10 10H38a10 10 0 0 1-10-10zM60 33h5a5 5 0 0 1 0 12h-5M22 60h48",
    "M38 14q-3 4 0 7M50 14q-3 4 0 7",
  ],
  chat: [
    "M23 16h50a5 5 0 0 1 5 5v32a5 5 0 0 1-5 5H23a5 5 0 0 1-5-5V21a5 5 0 0 1 5-5zM42 16v42M24 26h10M24 34h12M24 42h10",
    "M50 28h20M50 36h12",
  ],
  search: ["M60 32a16 16 0 1 1-32 0 16 16 0 0 1 32 0zM56 44l14 14", "M38 32h12"],
  cloud: ["M30 54a11 11 0 0 1-1-22 15 15 0 0 1 29-4 13 13 0 0 1 9 26z", "M48 34v9M48 48v.5"],
} as const;

interface Props {
  readonly art: keyof typeof ARTS;
  readonly title: string;
  readonly about?: string;
  /** It is the whole page, and its title the page's heading. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
}

export function Empty({ art, title, about, isPage = false, children }: Props) {
  const [lines, accent] = ARTS[art];
  const Title = isPage ? "h1" : "h2";
  return (
    <div className={styles.empty}>
      <svg className={styles.art} viewBox="0 0 96 72" aria-hidden="true">
        <path d={lines} />
        <path className={styles.accent} d={accent} />
      </svg>
      <Title>{title}</Title>
      {about && <p>{about}</p>}
      {children}
    </div>
  );
}
