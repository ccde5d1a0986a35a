/**
 * Who is on the site now, before they write, where an inbox watches that.
 *
 * Rules: all of it is what pages say, shown as such. Nobody of them is a contact yet, so there is nothing
 * that could be done to them here; who writes is in the queue.
 */
import type { Visit } from "protocol";
import { useEffect } from "react";
import { clockOf, waitOf } from "../list/waiting";
import { Page } from "../shell/page";
import { useNow } from "../store/clock";
import { useStore, useStoreItself } from "../store/use";
import { isWatching } from "../store/visitors";
import { useTexts } from "../texts/texts";
import { siteOf, webAddress } from "../ui/address";
import { Empty } from "../ui/empty";
import { Outside } from "../ui/outside";
import styles from "./visitors.module.css";

export default function Visitors() {
  const { t } = useTexts();
  const store = useStoreItself();
  const isOn = useStore(({ visitors }) => visitors.isWatching);
  const isKnown = useStore(({ directory }) => directory.me !== null);
  useEffect(() => store.visitors.show(), [store]);
  const all = useStore(({ visitors }) => visitors.all);
  return (
    <Page title={t("shell:nav.visitors")}>
      {isKnown && !isOn && (
        <Empty art="cloud" title={t("visitors:off")} about={t("visitors:off.about")} />
      )}
      {isOn && all?.length === 0 && (
        <Empty art="cup" title={t("visitors:nobody")} about={t("visitors:nobody.about")} />
      )}
      {isOn && all !== null && all.length > 0 && <Table all={all} />}
    </Page>
  );
}

function Table({ all }: { readonly all: readonly Visit[] }) {
  const { t } = useTexts();
  const isMore = useStore(({ visitors }) => visitors.isMore);
  const count = useStore(({ visitors }) => visitors.count);
  const isOne = useStore(
    ({ directory }) => [...directory.inboxes.values()].filter(isWatching).length === 1,
  );
  return (
    <>
      <p className={styles.about}>
        <b role="status">{t("visitors:count", { count: Math.max(count, all.length) })}</b>{" "}
        {t("visitors:about")}
      </p>
      <div className={styles.box}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("visitors:page")}</th>
              <th scope="col">{t("visitors:from")}</th>
              <th scope="col">{t("visitors:language")}</th>
              {!isOne && <th scope="col">{t("visitors:inbox")}</th>}
              <th scope="col" className={styles.figure}>
                {t("visitors:since")}
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <VisitRow key={one.visit} visit={one} hasInbox={!isOne} />
            ))}
          </tbody>
        </table>
      </div>
      {isMore && <p className={styles.about}>{t("visitors:more", { count: all.length })}</p>}
    </>
  );
}

function VisitRow({ visit, hasInbox }: { readonly visit: Visit; readonly hasInbox: boolean }) {
  const { t, locale } = useTexts();
  const { page, title, referrer, language, since } = visit;
  const inbox = useStore(({ directory }) => directory.inboxes.get(visit.inbox)?.name);
  const nowMs = useNow(true);
  return (
    <tr>
      <td title={page} dir="auto">
        <Outside address={page} title={title} />
        {title && <span className={styles.path}>{pathOf(page)}</span>}
      </td>
      <td title={referrer}>
        {referrer ? (
          <Outside address={referrer} title={siteOf(referrer)} />
        ) : (
          <span className={styles.none}>{t("visitors:direct")}</span>
        )}
      </td>
      <td>{language && languageOf(language, locale)}</td>
      {hasInbox && <td>{inbox}</td>}
      <td className={styles.figure}>
        <time dateTime={since}>{clockOf(waitOf(since, nowMs), locale)}</time>
      </td>
    </tr>
  );
}

/** What stands behind the site's name. */
function pathOf(page: string): string {
  const address = webAddress(page);
  if (!address) {
    return "";
  }
  const { pathname, search } = new URL(address);
  return pathname + search;
}

function languageOf(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
