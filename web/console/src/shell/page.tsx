/** A page beside the conversations: a head with its name and tools, and what scrolls beneath. */
import type { ReactNode } from "react";
import styles from "./page.module.css";

interface Props {
  readonly title: string;
  /** At the right of the head. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, tools, children }: Props) {
  return (
    <section className={styles.page} aria-label={title}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {tools}
      </header>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
