/** Lists beside one's own, and pages, where there is no room for them: on a phone, and in a rail. */
import type { ReactElement } from "react";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { Item, Menu, Section } from "../ui/menu";
import { useGroups } from "./lists";
import { routeOf } from "./places";
import { useRouter } from "./router";

interface Props {
  readonly button: ReactElement;
  readonly placement: "bottom start" | "top start";
}

export function ListsMenu({ button, placement }: Props) {
  const { t } = useTexts();
  const router = useRouter();
  const groups = useGroups();
  const isWatching = useStore(({ visitors }) => visitors.isWatching);
  const there = useStore(({ visitors }) => visitors.count);
  const snoozed = useStore(({ counts }) => counts.snoozed);
  return (
    <Menu label={t("shell:nav.lists")} button={button} placement={placement}>
      <Item
        icon="moon"
        label={t("shell:nav.snoozed")}
        end={snoozed || null}
        onAction={() => router.go(routeOf({ view: "snoozed" }))}
      />
      <Item
        icon="check"
        label={t("shell:nav.resolved")}
        onAction={() => router.go(routeOf({ view: "resolved" }))}
      />
      <Item
        icon="users"
        label={t("shell:nav.contacts")}
        onAction={() => router.go({ page: "contacts", query: "", contact: null })}
      />
      {isWatching && (
        <Item
          icon="globe"
          label={t("shell:nav.visitors")}
          end={there || null}
          onAction={() => router.go({ page: "visitors" })}
        />
      )}
      {groups.map(({ group, places }) => (
        <Section key={group} label={t(`shell:nav.${group}`)}>
          {places.map(({ key, name, count, route }) => (
            <Item key={key} label={name} end={count || null} onAction={() => router.go(route)} />
          ))}
        </Section>
      ))}
    </Menu>
  );
}
