/** Which of a list's conversations are shown, and in which order. */
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { Item, Menu, Section } from "../ui/menu";
import { type Filter, NO_FILTER, SORTS, type Sort } from "./views";

interface FilterProps {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

export function FilterMenu({ filter, onChange }: FilterProps) {
  const { t } = useTexts();
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const isOn = filter.isUnread || filter.inbox !== null;
  return (
    <Menu
      label={t("list:filter")}
      button={<IconButton icon="filter" label={t("list:filter")} isSmall isOn={isOn} />}
    >
      <Item label={t("list:filter.all")} isOn={!isOn} onAction={() => onChange({ ...NO_FILTER })} />
      <Item
        label={t("list:filter.unread")}
        isOn={filter.isUnread}
        onAction={() => onChange({ ...filter, isUnread: !filter.isUnread })}
      />
      {inboxes.size > 1 && (
        <Section label={t("list:filter.inbox")}>
          {[...inboxes.values()].map(({ id, name }) => (
            <Item
              key={id}
              label={name}
              isOn={filter.inbox === id}
              onAction={() => onChange({ ...filter, inbox: filter.inbox === id ? null : id })}
            />
          ))}
        </Section>
      )}
    </Menu>
  );
}

interface SortProps {
  readonly sort: Sort;
  readonly onChange: (sort: Sort) => void;
}

export function SortMenu({ sort, onChange }: SortProps) {
  const { t } = useTexts();
  return (
    <Menu label={t("list:sort")} button={<IconButton icon="sort" label={t("list:sort")} isSmall />}>
      {SORTS.map((one) => (
        <Item
          key={one}
          label={t(`list:sort.${one}`)}
          isOn={sort === one}
          onAction={() => onChange(one)}
        />
      ))}
    </Menu>
  );
}
