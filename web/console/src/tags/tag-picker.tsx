/** A button under which tags are given, taken and made; the list is fetched when it is used. */
import { useRef } from "react";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { useLater } from "../ui/later";

export interface Choosing {
  /** Those that all have. */
  readonly chosen: readonly string[];
  /** Those that only some of many have. */
  readonly partly?: readonly string[];
  readonly onGive: (tag: string) => void;
  readonly onTake: (tag: string) => void;
}

interface Props extends Choosing {
  readonly icon: "plus" | "tag";
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function TagPicker({ icon, isOpen, onOpenChange, ...choosing }: Props) {
  const { t } = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  const part = useLater(isOpen, () => import("./tag-popover"));
  return (
    <>
      <IconButton
        buttonRef={button}
        icon={icon}
        isSmall
        act="tag"
        label={t("tags:add")}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPress={() => onOpenChange(!isOpen)}
      />
      {isOpen && part && (
        <part.TagPopover {...choosing} button={button} onClose={() => onOpenChange(false)} />
      )}
    </>
  );
}
