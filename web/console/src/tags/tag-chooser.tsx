/**
 * All tags, to be sought and given or taken; one that is not there yet is made, with a colour.
 *
 * Rules: what is chosen counts at once, so that closing needs no second thought. Fetched when it is used.
 */
import { type KeyboardEvent, useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { SearchField } from "react-aria-components/SearchField";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import { COLORS, type Color, hueOf } from "./hues";
import type { Choosing } from "./tag-picker";
import styles from "./tags.module.css";

interface Props extends Choosing {
  readonly onClose: () => void;
}

const MOST_CHARS = 50;

export function TagChooser({ chosen, partly = [], onGive, onTake, onClose }: Props) {
  const { t } = useTexts();
  const store = useStoreItself();
  const tags = useStore(({ kept }) => kept.tags);
  const [wanted, setWanted] = useState("");
  const [color, setColor] = useState<Color | null>(null);
  const word = wanted.trim();
  const isMeant = (name: string) => name.toLowerCase().includes(word.toLowerCase());
  const names = [...new Set([...tags.keys(), ...chosen])].filter(isMeant);
  const isNew = word !== "" && !names.some((name) => name.toLowerCase() === word.toLowerCase());
  const make = async () => {
    const hue = color ?? undefined;
    setWanted("");
    setColor(null);
    try {
      const { name } = await store.client.call("tag.create", {
        name: word,
        ...(hue && { color: hue }),
      });
      onGive(name); // as the server writes it
    } catch (error) {
      store.refused(error);
    }
  };
  // The list would take it for what is chosen in it.
  const leave = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !wanted) {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <div className={styles.chooser} onKeyDownCapture={leave}>
      <Autocomplete inputValue={wanted} onInputChange={setWanted} filter={() => true}>
        <SearchField aria-label={t("tags:find")} autoFocus className={styles.find ?? ""}>
          <Input placeholder={t("tags:find")} maxLength={MOST_CHARS} />
        </SearchField>
        <Menu
          aria-label={t("tags:tags")}
          className={styles.all ?? ""}
          selectionMode="multiple"
          selectedKeys={chosen}
          shouldCloseOnSelect={false}
          renderEmptyState={() => <p className={styles.none}>{t("tags:none")}</p>}
          onAction={(key) => {
            const tag = String(key);
            if (tag === NEW) {
              void make();
            } else if (chosen.includes(tag)) {
              onTake(tag);
            } else {
              onGive(tag);
            }
          }}
        >
          {names.map((name) => (
            <MenuItem key={name} id={name} textValue={name} className={styles.one ?? ""}>
              <i className={styles.dot} data-hue={hueOf(name, tags.get(name))} />
              <span className={styles.name}>{name}</span>
              {chosen.includes(name) && <Icon name="check" />}
              {partly.includes(name) && !chosen.includes(name) && (
                <span className={styles.partly}>{t("tags:partly")}</span>
              )}
            </MenuItem>
          ))}
          {isNew && (
            <MenuItem id={NEW} textValue={word} className={styles.one ?? ""}>
              <Icon name="plus" />
              <span className={styles.name}>{t("tags:make", { tag: word })}</span>
            </MenuItem>
          )}
        </Menu>
      </Autocomplete>
      {isNew && (
        <fieldset className={styles.colors}>
          <legend>{t("tags:color")}</legend>
          {COLORS.map((one) => (
            <label key={one} title={t(`tags:color.${one}`)}>
              <input
                type="radio"
                name="color"
                aria-label={t(`tags:color.${one}`)}
                checked={(color ?? hueOf(word)) === one}
                onChange={() => setColor(one)}
              />
              <i className={styles.dot} data-hue={one} />
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}

/** No tag is called so: a tag has no line in it. */
const NEW = "\n";
