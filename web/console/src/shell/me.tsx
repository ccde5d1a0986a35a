/** Who one is, whether one takes chats, and whether the server hears it; a menu to change that. */
import type { Availability } from "protocol";
import { useContext, useState } from "react";
import { Button } from "react-aria-components/Button";
import { ActsContext, useAct } from "../keys/acts";
import { signOut } from "../store/session";
import { useStore, useStoreItself } from "../store/use";
import { LANGUAGES, useTexts } from "../texts/texts";
import { Avatar, type Dot } from "../ui/avatar";
import { Icon } from "../ui/icon";
import { Item, Line, Menu, Section } from "../ui/menu";
import { useLook } from "./look";
import styles from "./me.module.css";
import { useRouter } from "./router";
import { THEMES } from "./theme";

const CHOICES = ["online", "busy", "away"] as const;
const LANGUAGE_NAMES = { "zh-CN": "中文", en: "English" } as const;

/** `isBar`: at the foot of a phone, as a picture and a word, with what the rail has beside it. */
export function Me({ isBar = false }: { readonly isBar?: boolean }) {
  const { t, language } = useTexts();
  const acts = useContext(ActsContext);
  const { theme, setTheme, setLanguage } = useLook();
  const store = useStoreItself();
  const router = useRouter();
  const me = useStore((one) => one.me);
  const availability = useStore(({ directory }) => directory.availability);
  const picture = useStore(({ directory }) => directory.me?.agent?.avatar);
  const status = useStore(({ client }) => client.status);
  const [isOpen, setOpen] = useState(false);
  useAct("availability", isBar ? null : () => setOpen(true));
  const isLive = status === "live";
  const dot = isLive ? dotOf(availability) : "none";
  const said = isLive && availability ? t(`shell:me.${availability}`) : t("shell:me.offline");
  const choose = (chosen: Availability) => {
    store.client.call("agent.set_availability", { availability: chosen }).catch((error) => {
      store.refused(error);
    });
  };
  return (
    <Menu
      label={t("shell:me")}
      placement={isBar ? "bottom end" : "top start"}
      isOpen={isOpen}
      onOpenChange={setOpen}
      button={
        <Button className={(isBar ? styles.bar : styles.me) ?? ""}>
          <Avatar
            name={me.name}
            id={me.id ?? 0}
            size={isBar ? 20 : 28}
            picture={picture}
            dot={dot}
          />
          <span className={styles.words}>
            <b>{isBar ? t("shell:me") : me.name}</b>
            {!isBar && <span>{said}</span>}
          </span>
          {!isBar && <Icon name="down" />}
        </Button>
      }
    >
      <Section label={t("shell:me.availability")}>
        {CHOICES.map((one) => (
          <Item
            key={one}
            label={t(`shell:me.${one}`)}
            isOn={availability === one}
            onAction={() => choose(one)}
          />
        ))}
      </Section>
      <Line />
      <Section label={t("shell:theme")}>
        {THEMES.map((one) => (
          <Item
            key={one}
            label={t(`shell:theme.${one}`)}
            isOn={theme === one}
            onAction={() => setTheme(one)}
          />
        ))}
      </Section>
      <Section label={t("shell:language")}>
        {LANGUAGES.map((one) => (
          <Item
            key={one}
            label={LANGUAGE_NAMES[one]}
            isOn={language === one}
            onAction={() => setLanguage(one)}
          />
        ))}
      </Section>
      <Line />
      <Item
        icon="bell"
        label={t("shell:act.notices")}
        act="notices"
        onAction={() => acts.run("notices")}
      />
      <Item icon="volume" label={t("shell:act.hearing")} onAction={() => acts.run("hearing")} />
      <Item icon="help" label={t("shell:act.why")} act="why" onAction={() => acts.run("why")} />
      <Item
        icon="user"
        label={t("shell:me.profile")}
        onAction={() => router.go({ page: "profile", section: "account" })}
      />
      <Line />
      <Item
        icon="out"
        label={t("shell:sign-out")}
        onAction={() => {
          signOut().catch(() => store.toasts.show({ key: "shell:fault.gone", isFault: true }));
        }}
      />
    </Menu>
  );
}

function dotOf(availability: Availability | null): Dot {
  return availability === "offline" || availability === null ? "none" : availability;
}
