/**
 * Saved views, teams and tags as lists, with how many live conversations each has.
 *
 * Rules: a group is folded by its name, and stays so. Of tags those are shown that live conversations
 * have, and the one that one looks at. Where the column is a rail, and on a phone, they are a menu.
 */
import { useState } from "react";
import { recall, remember } from "shared/view/memory";
import { useStore, useStoreItself } from "../store/use";
import { hueOf } from "../tags/hues";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./navigation.module.css";
import { type Place, placeOf, routeOf } from "./places";
import { useLink, useRoute } from "./router";

const GROUPS = ["views", "teams", "tags"] as const;
export type Group = (typeof GROUPS)[number];

const FOLDS = "console.folds";

export function Lists() {
  const { t } = useTexts();
  const groups = useGroups();
  const [folded, setFolded] = useState(() => (recall(FOLDS) ?? "").split(",").filter(Boolean));
  const toggle = (group: Group) => {
    const next = folded.includes(group)
      ? folded.filter((one) => one !== group)
      : [...folded, group];
    remember(FOLDS, next.join(","));
    setFolded(next);
  };
  return groups.map(({ group, places }) => {
    const isFolded = folded.includes(group);
    return (
      <div key={group} className={styles.group}>
        <h2>
          <button type="button" aria-expanded={!isFolded} onClick={() => toggle(group)}>
            {t(`shell:nav.${group}`)}
            <Icon name="down" size={12} />
          </button>
        </h2>
        {!isFolded && (
          <ul>
            {places.map((place) => (
              <Line key={place.key} place={place} />
            ))}
          </ul>
        )}
      </div>
    );
  });
}

function Line({ place: { key, name, count, route } }: { readonly place: Place }) {
  const link = useLink(route);
  const known = useStore(({ kept }) => kept.tags);
  const isHere = placeOf(useRoute()) === key;
  return (
    <li>
      <a {...link} title={name} aria-current={isHere ? "page" : undefined}>
        <span className={styles.spot} data-hue={hueOf(name, known.get(name))} />
        <span className={styles.label}>{name}</span>
        {count > 0 && <span className={styles.count}>{count}</span>}
      </a>
    </li>
  );
}

/** Those that have something in them. */
export function useGroups(): readonly {
  readonly group: Group;
  readonly places: readonly Place[];
}[] {
  const store = useStoreItself();
  const here = placeOf(useRoute());
  const teams = useStore(({ directory }) => directory.teams);
  const views = useStore(({ kept }) => kept.views);
  const tags = useStore(({ kept }) => kept.tags);
  useStore((one) =>
    keyOf(
      one.places,
      [...one.kept.views.values()].map((view) => one.countOf(view)),
    ),
  );
  const { places } = store;
  const all: Readonly<Record<Group, readonly Place[]>> = {
    views: [...views.values()].map((view) => ({
      key: `view ${view.id}`,
      name: view.name,
      count: store.countOf(view),
      route: routeOf({ saved: view.id }),
    })),
    teams: [...teams.values()].map(({ id, name }) => ({
      key: `team ${id}`,
      name,
      count: places.teams.get(id) ?? 0,
      route: routeOf({ team: id }),
    })),
    tags: [...tags.keys()]
      .map((name) => ({
        key: `tag ${name}`,
        name,
        count: places.tags.get(name) ?? 0,
        route: routeOf({ filter: { tag: name } }),
      }))
      .filter(({ key, count }) => count > 0 || key === here),
  };
  return GROUPS.map((group) => ({ group, places: all[group] })).filter(
    ({ places: own }) => own.length,
  );
}

/** Another text when another count is to be shown. */
function keyOf(
  {
    teams,
    tags,
  }: { readonly teams: ReadonlyMap<number, number>; readonly tags: ReadonlyMap<string, number> },
  views: readonly number[],
): string {
  return JSON.stringify([[...teams], [...tags], views]);
}
