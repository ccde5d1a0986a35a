/** Pages beside the conversations, each fetched when one first goes there. */
import type { ComponentType } from "react";
import { learn, useTexts } from "../texts/texts";
import { useLater } from "../ui/later";
import pageStyles from "./page.module.css";
import styles from "./pages.module.css";
import type { Route } from "./routes";

type Name = Exclude<Route["page"], "inbox" | "missing">;

/** Each takes its route by `useRoute`. */
const PAGES: Readonly<Record<Name, () => Promise<{ readonly default: ComponentType }>>> = {
  profile: async () => {
    await Promise.all([learn("profile"), learn("account"), learn("sounds")]);
    return import("../profile/profile");
  },
  search: async () => {
    await learn("search");
    return import("../search/search");
  },
  contacts: async () => {
    await learn("contacts");
    return import("../contacts/contacts");
  },
  visitors: async () => {
    await learn("visitors");
    return import("../visitors/visitors");
  },
  welcome: async () => {
    await learn("welcome");
    return import("../welcome/welcome");
  },
};

/** Of one page; another is another element (`key`). */
export function PageOf({ name }: { readonly name: Name }) {
  const { t } = useTexts();
  const part = useLater(true, PAGES[name]);
  return part ? (
    <part.default />
  ) : (
    <section className={pageStyles.page} aria-busy="true">
      <p className={styles.loading} role="status">
        {t("shell:loading")}
      </p>
    </section>
  );
}
