/** One set of icons, in a box of 20 units, 1.5 px on screen; never named: what they are on is. */
const PATHS = {
  close: "M5 5l10 10M15 5L5 15",
  send: "M10 16V4.5M5 9l5-5 5 5",
  clip: "M16 9.5l-6 6a3.7 3.7 0 0 1-5.3-5.3l6.6-6.5a2.5 2.5 0 0 1 3.5 3.5l-6.5 6.5a1.2 1.2 0 0 1-1.8-1.7l5.5-5.5",
  mic: "M10 2.5A2.5 2.5 0 0 0 7.5 5v4a2.5 2.5 0 0 0 5 0V5A2.5 2.5 0 0 0 10 2.5zM4.5 9.5a5.5 5.5 0 0 0 11 0M10 15v2.5",
  lock: "M6.5 9h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2zM7 9V6.5a3 3 0 0 1 6 0V9",
  emoji:
    "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM7 11.8c.7 1 1.8 1.6 3 1.6s2.3-.6 3-1.6M7.7 8.2h.01M12.3 8.2h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, isSmall }: { readonly name: IconName; readonly isSmall?: boolean }) {
  return <Drawn path={PATHS[name]} class={isSmall ? "k-i s" : "k-i"} />;
}

/** Other parts of the program bring paths of their own. */
export function Drawn({
  path,
  class: kind = "k-i",
}: {
  readonly path: string;
  readonly class?: string;
}) {
  return (
    <svg class={kind} viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
