/** Opens the picker; what is taken goes where the caret was. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { useLater } from "../ui/later";
import { write } from "./completing";

interface Props {
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

export function EmojiButton({ field }: Props) {
  const { t } = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const taken = useRef("");
  const part = useLater(isOpen, () => import("./emoji"));
  // As long as the picker is open it keeps the focus.
  useEffect(() => {
    const { current } = field;
    if (!isOpen && taken.current && current) {
      write(current, taken.current, current.selectionStart, current.selectionEnd);
      taken.current = "";
    }
  }, [field, isOpen]);
  const take = (sign: string) => {
    taken.current = sign;
  };
  return (
    <>
      <IconButton
        buttonRef={button}
        icon="smile"
        label={t("composer:emoji")}
        isSmall
        data-kefu="emoji"
        onPress={() => setOpen(true)}
      />
      {part && isOpen && button.current && (
        <part.EmojiPicker at={button.current} take={take} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
