/**
 * Emoji to put where the caret is, or at a message: fetched with the first press.
 *
 * Rules: arrow keys go through the grid, Enter takes one, Escape closes. What one used last comes first.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { type Emoji, find, type Group } from "shared/emoji/find";
import { stepFrom } from "shared/emoji/grid";
import { recall, remember } from "shared/view/memory";
import { useStoreItself } from "../store/use";
import { type TextKey, useTexts } from "../texts/texts";
import styles from "./emoji.module.css";
import { readEmoji } from "./emoji-names";

const RECENT = "console.emoji";
const MOST_RECENT = 16;

interface Props {
  /** What it was opened from. */
  readonly at: Element;
  readonly take: (sign: string) => void;
  readonly onClose: () => void;
}

export function EmojiPicker({ at, take, onClose }: Props) {
  const { t, language } = useTexts();
  const store = useStoreItself();
  const [groups, setGroups] = useState<readonly Group[]>([]);
  const [asked, setAsked] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    readEmoji(language).then(setGroups, () => {
      store.toasts.show({ key: "composer:emoji.cut", isFault: true });
    });
  }, [language, store]);
  const found = asked.trim() ? find(groups, asked) : null;
  const recent = { name: "recent", emoji: recentOf(groups) };
  const shown = found ? [{ name: "found", emoji: found }] : [recent, ...groups];
  const choose = ({ sign }: Emoji) => {
    const others = recent.emoji.map((one) => one.sign).filter((one) => one !== sign);
    remember(RECENT, [sign, ...others].slice(0, MOST_RECENT).join(" "));
    take(sign);
    onClose();
  };
  const pressInField = (event: KeyboardEvent) => {
    const first = found?.[0];
    if (event.key === "Enter" && first) {
      event.preventDefault();
      choose(first);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      grid.current?.querySelector("button")?.focus();
    }
  };
  const pressInGrid = (event: KeyboardEvent) => {
    const all = [...(grid.current?.querySelectorAll("button") ?? [])];
    const now = all.indexOf(document.activeElement as HTMLButtonElement);
    const next = stepFrom(all, now, event.key, 1, field.current);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  };
  return (
    <Popover
      className={styles.pop ?? ""}
      triggerRef={{ current: at }}
      placement="top start"
      offset={6}
      isOpen
      onOpenChange={onClose}
    >
      <Dialog className={styles.picker ?? ""} aria-label={t("composer:emoji")}>
        <input
          ref={field}
          type="search"
          autoFocus
          value={asked}
          aria-label={t("composer:emoji.find")}
          placeholder={t("composer:emoji.find")}
          onChange={({ currentTarget }) => setAsked(currentTarget.value)}
          onKeyDown={pressInField}
        />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: its buttons are what is pressed */}
        <div ref={grid} className={styles.signs} onKeyDown={pressInGrid}>
          {shown
            .filter(({ emoji }) => emoji.length)
            .map(({ name, emoji }) => (
              <section key={name} aria-label={t(`composer:emoji.${name}` as TextKey)}>
                <h3>{t(`composer:emoji.${name}` as TextKey)}</h3>
                {emoji.map((one, index) => (
                  <button
                    key={one.sign}
                    type="button"
                    title={one.name}
                    aria-label={one.name}
                    tabIndex={index === 0 ? 0 : -1}
                    onClick={() => choose(one)}
                  >
                    {one.sign}
                  </button>
                ))}
              </section>
            ))}
          {found?.length === 0 && <p role="status">{t("composer:emoji.none")}</p>}
        </div>
      </Dialog>
    </Popover>
  );
}

function recentOf(groups: readonly Group[]): readonly Emoji[] {
  const all = new Map(groups.flatMap(({ emoji }) => emoji.map((one) => [one.sign, one])));
  const kept = recall(RECENT)?.split(" ") ?? [];
  return kept.flatMap((sign) => all.get(sign) ?? []);
}
