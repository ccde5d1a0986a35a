/** Language and theme: a press is the next one. */
import { LANGUAGES, useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { useLook } from "./look";
import { THEMES } from "./theme";

const NAMES = { "zh-CN": "中文", en: "English" } as const;

/** Named in the language that it leads to, so that whoever cannot read this one finds it. */
export function LanguageSwitch() {
  const { language } = useTexts();
  const { setLanguage } = useLook();
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  return (
    <Button kind="plain" isSmall onPress={() => setLanguage(other)}>
      <span lang={other}>{NAMES[other]}</span>
    </Button>
  );
}

const ICONS = { system: "desktop", light: "sun", dark: "moon" } as const;

export function ThemeSwitch() {
  const { t } = useTexts();
  const { theme, setTheme } = useLook();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <IconButton
      isSmall
      icon={ICONS[theme]}
      label={t(`shell:theme.${theme}`)}
      onPress={() => setTheme(next)}
    />
  );
}
