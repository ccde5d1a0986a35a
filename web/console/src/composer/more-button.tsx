/** The menu of what can be sent beside words: a form, a card, suggestions. */
import type { Chat } from "client";
import { useState } from "react";
import { learn, useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { useLater } from "../ui/later";
import { Item, Menu } from "../ui/menu";
import type { Kind } from "./building";

const KINDS = [
  ["form", "note"],
  ["card", "panel"],
  ["quick_replies", "chat"],
] as const;

async function load() {
  await learn("build");
  return await import("./builder");
}

interface Props {
  readonly chat: Chat;
  /** What stands in the field, which goes with it. */
  readonly text: string;
  readonly sent: () => void;
}

export function MoreButton({ chat, text, sent }: Props) {
  const { t } = useTexts();
  const [kind, setKind] = useState<Kind | null>(null);
  const part = useLater(kind !== null, load);
  const send = (said: string, blocks: readonly unknown[]) => {
    chat.say(said, { blocks });
    sent();
  };
  return (
    <>
      <Menu
        label={t("composer:build")}
        placement="top start"
        button={<IconButton icon="plus" label={t("composer:build")} isSmall data-kefu="more" />}
      >
        {KINDS.map(([one, icon]) => (
          <Item
            key={one}
            icon={icon}
            label={t(`composer:build.${one}`)}
            onAction={() => setKind(one)}
          />
        ))}
      </Menu>
      {part && kind && (
        <part.Builder kind={kind} text={text} send={send} onClose={() => setKind(null)} />
      )}
    </>
  );
}
