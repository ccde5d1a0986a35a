/** The tags of a conversation: taken away by their ×, given by the button beside them. */
import { useState } from "react";
import { perform } from "../doing/perform";
import { useAct } from "../keys/acts";
import { useConversation, useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import { hueOf } from "./hues";
import { TagPicker } from "./tag-picker";
import styles from "./tags.module.css";

/** Of one of them: the list, and beside `title` the button. */
export function ConversationTags({ id, title }: { readonly id: number; readonly title: string }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const known = useStore(({ kept }) => kept.tags);
  const tags = useConversation(id)?.tags ?? NONE;
  const [isOpen, setOpen] = useState(false);
  useAct("tag", () => setOpen(true));
  const give = (tag: string) => void perform(store, [id], { do: "tag", add: [tag] });
  const take = (tag: string) => void perform(store, [id], { do: "tag", remove: [tag] });
  return (
    <>
      <h3>
        {title}
        <TagPicker
          icon="plus"
          chosen={tags}
          onGive={give}
          onTake={take}
          isOpen={isOpen}
          onOpenChange={setOpen}
        />
      </h3>
      <ul className={styles.tags} aria-label={t("tags:tags")}>
        {tags.map((tag) => (
          <li key={tag} data-hue={hueOf(tag, known.get(tag))}>
            <span>{tag}</span>
            <button type="button" aria-label={t("tags:remove", { tag })} onClick={() => take(tag)}>
              <Icon name="x" size={12} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const NONE: readonly string[] = [];
