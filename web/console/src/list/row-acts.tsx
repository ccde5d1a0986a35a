/**
 * The menu of a row, where it was asked for, and the bar of what is chosen. Fetched when they are used.
 */
import { lazy, type RefObject, Suspense, useLayoutEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import type { Doing } from "../doing/doing";
import { perform } from "../doing/perform";
import { useStoreItself } from "../store/use";
import { TagPopover } from "../tags/tag-popover";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { Menu } from "../ui/menu";
import { ActItems } from "./act-items";
import styles from "./row-acts.module.css";

const Transfer = lazy(() => import("../conversation/transfer"));

/** Where a menu was asked for, and for which conversations. */
export interface Asked {
  readonly ids: readonly number[];
  /** In pixels, from the window's corner. */
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly asked: Asked;
  readonly onClose: () => void;
}

export function RowMenu({ asked, onClose }: Props) {
  const { t } = useTexts();
  const store = useStoreItself();
  const place = useRef<HTMLButtonElement>(null);
  const [what, setWhat] = useState<"menu" | "tags" | "transfer">("menu");
  const next = useRef<"tags" | "transfer">(null);
  const { ids, x, y } = asked;
  useLayoutEffect(() => {
    place.current?.style.setProperty("translate", `${x}px ${y}px`);
  }, [x, y]);
  const [id] = ids;
  return (
    <>
      <Menu
        label={t("list:menu")}
        placement="bottom start"
        isOpen={what === "menu"}
        // What was chosen may show something in its place.
        onOpenChange={() => (next.current ? setWhat(next.current) : onClose())}
        button={
          <AriaButton
            ref={place}
            className={styles.place ?? ""}
            aria-label={t("list:menu")}
            excludeFromTabOrder
          />
        }
      >
        <ActItems
          ids={ids}
          onDo={(doing) => void perform(store, ids, doing)}
          onTags={() => {
            next.current = "tags";
          }}
          onTransfer={() => {
            next.current = "transfer";
          }}
        />
      </Menu>
      {what === "tags" && <Tags ids={ids} button={place} onClose={onClose} />}
      {what === "transfer" && id !== undefined && (
        <Suspense fallback={null}>
          <Transfer id={id} onClose={onClose} />
        </Suspense>
      )}
    </>
  );
}

interface TagsProps {
  readonly ids: readonly number[];
  readonly button: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly onDo?: (doing: Doing) => void;
}

function Tags({ ids, button, onClose, onDo }: TagsProps) {
  const store = useStoreItself();
  const all = ids.map((id) => store.conversation(id)?.tags ?? []);
  const some = [...new Set(all.flat())];
  const chosen = some.filter((tag) => all.every((tags) => tags.includes(tag)));
  const act = onDo ?? ((doing: Doing) => void perform(store, ids, doing));
  return (
    <TagPopover
      chosen={chosen}
      partly={some}
      button={button}
      onClose={onClose}
      onGive={(tag) => act({ do: "tag", add: [tag] })}
      onTake={(tag) => act({ do: "tag", remove: [tag] })}
    />
  );
}

interface BarProps {
  readonly ids: readonly number[];
  readonly onClear: () => void;
}

export function BulkBar({ ids, onClear }: BarProps) {
  const { t } = useTexts();
  const store = useStoreItself();
  const tags = useRef<HTMLButtonElement>(null);
  const [isTagging, setTagging] = useState(false);
  const [done, setDone] = useState<number | null>(null);
  const count = ids.length;
  const act = async (doing: Doing, keeps = false) => {
    setDone(0);
    await perform(store, ids, doing, { onProgress: setDone });
    setDone(null);
    if (!keeps) {
      onClear();
    }
  };
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("list:bulk")}>
      <p role="status">
        {done !== null && count > 1
          ? t("list:progress", { done, count })
          : t("list:chosen", { count })}
      </p>
      <Button isSmall isDisabled={done !== null} onPress={() => void act({ do: "resolve" })}>
        {t("conversation:resolve")}
      </Button>
      <IconButton
        buttonRef={tags}
        icon="tag"
        isSmall
        label={t("tags:tags")}
        isDisabled={done !== null}
        onPress={() => setTagging(true)}
      />
      <Menu
        label={t("list:menu")}
        placement="top start"
        button={
          <IconButton icon="dots" isSmall label={t("list:menu")} isDisabled={done !== null} />
        }
      >
        <ActItems
          ids={ids}
          onDo={(doing) => void act(doing)}
          onTags={() => setTagging(true)}
          onTransfer={() => undefined}
        />
      </Menu>
      <IconButton icon="x" isSmall label={t("list:clear")} onPress={onClear} />
      {isTagging && (
        <Tags
          ids={ids}
          button={tags}
          onClose={() => setTagging(false)}
          onDo={(doing) => void act(doing, true)}
        />
      )}
    </div>
  );
}
