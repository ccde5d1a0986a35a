/**
 * What can be done to the rows that are chosen, or to the one whose menu is open.
 *
 * Rules: for one it is what the conversation's head offers, too; for many each is done or refused by itself.
 */
import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, SubmenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { momentOf, timeOf } from "shared/i18n/times";
import { snoozes } from "../conversation/snooze";
import { canGive, targetsOf } from "../conversation/targets";
import { type Doing, priorityOf } from "../doing/doing";
import { useLeave } from "../doing/leave";
import { addressOf } from "../shell/routes";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon, type IconName } from "../ui/icon";
import { Item, Line } from "../ui/menu";
import styles from "../ui/menu.module.css";
import { isMine } from "./views";

export interface Acting {
  readonly ids: readonly number[];
  readonly onDo: (doing: Doing) => void;
  readonly onTags: () => void;
  readonly onTransfer: () => void;
}

export function ActItems({ ids, onDo, onTags, onTransfer }: Acting) {
  const { t, locale } = useTexts();
  const store = useStoreItself();
  const me = useStore(({ directory }) => directory.me);
  const agents = useStore(({ directory }) => directory.agents);
  const teams = useStore(({ directory }) => directory.teams);
  const leave = useLeave();
  const all = ids.flatMap((id) => store.conversation(id) ?? []);
  const [one] = all;
  if (!one) {
    return null;
  }
  const isOne = all.length === 1;
  const isResolved = all.every(({ status }) => status === "resolved");
  const own = me?.agent?.id;
  const targets = targetsOf(one, agents.values(), teams.values(), store.client.presence);
  const priority = isOne ? priorityOf(one) : null;
  return (
    <>
      {own !== undefined && !(isOne && isMine(one, own)) && (
        <Item
          icon="user"
          label={t("list:act.mine")}
          onAction={() => onDo({ do: "assign", agent: own })}
        />
      )}
      {isOne && me && canGive(one, me) ? (
        <Item icon="transfer" label={t("conversation:transfer")} onAction={onTransfer} />
      ) : (
        <Sub icon="transfer" label={t("list:act.assign")}>
          {targets.map(({ kind, id, name, isThere }) => (
            <Item
              key={`${kind} ${id}`}
              icon={kind === "team" ? "users" : "user"}
              label={name}
              end={isThere ? null : t("conversation:transfer.not-there")}
              onAction={() =>
                onDo(kind === "team" ? { do: "assign", team: id } : { do: "assign", agent: id })
              }
            />
          ))}
        </Sub>
      )}
      {isResolved ? (
        <Item
          icon="retry"
          label={t("conversation:reopen")}
          onAction={() => onDo({ do: "reopen" })}
        />
      ) : (
        <Item
          icon="check"
          label={t("conversation:resolve")}
          onAction={() => onDo({ do: "resolve" })}
        />
      )}
      <Sub icon="moon" label={t("conversation:snooze")}>
        {snoozes(new Date(store.now())).map(({ name, until }) => (
          <Item
            key={name}
            label={t(`conversation:snooze.${name}`)}
            end={until && (name === "hour" ? timeOf(until, locale) : momentOf(until, locale))}
            onAction={() => onDo({ do: "snooze", ...(until && { until: until.toISOString() }) })}
          />
        ))}
      </Sub>
      <Sub icon="sort" label={t("list:filter.priority")}>
        {([4, 3, 2, 1, 0] as const).map((level) => (
          <Item
            key={level}
            label={t(`list:priority.${level}`)}
            isOn={priority === level}
            onAction={() => onDo({ do: "priority", priority: level })}
          />
        ))}
      </Sub>
      <Item icon="tag" label={t("tags:tags")} onAction={onTags} />
      {all.some((each) => store.unreadOf(each) > 0) && (
        <Item icon="check2" label={t("list:act.read")} onAction={() => onDo({ do: "read" })} />
      )}
      {all.some((each) => each.contact_messages && store.unreadOf(each) === 0) && (
        <Item
          icon="mail"
          label={t("shell:act.unread")}
          onAction={() => {
            leave(ids);
            onDo({ do: "unread" });
          }}
        />
      )}
      {isOne && <OfOne id={one.id} />}
    </>
  );
}

/** What makes sense for a single one alone. */
function OfOne({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const contact = store.conversation(id)?.contact;
  const copy = () => {
    const route = { page: "inbox", view: "mine", team: null, conversation: id } as const;
    const address = new URL(addressOf(route), location.origin).href;
    navigator.clipboard.writeText(address).then(
      () => store.toasts.show({ key: "list:done.copied" }),
      () => store.toasts.show({ key: "list:fault.copy", values: { address }, isFault: true }),
    );
  };
  const block = (of: number, name: string) => {
    const undo = () => {
      store.client.call("contact.unblock", { contact: of }).catch((error) => store.refused(error));
    };
    store.client.call("contact.block", { contact: of }).then(
      () => store.toasts.show({ key: "list:done.blocked", values: { name }, undo }),
      (error) => store.refused(error),
    );
  };
  return (
    <>
      <Item icon="copy" label={t("list:act.copy")} onAction={copy} />
      {contact?.id && (
        <>
          <Line />
          <Item
            icon="block"
            label={t("list:act.block")}
            isDanger
            onAction={() => block(contact.id ?? 0, contact.name || t("list:visitor"))}
          />
        </>
      )}
    </>
  );
}

interface SubProps {
  readonly icon: IconName;
  readonly label: string;
  readonly children: ReactNode;
}

function Sub({ icon, label, children }: SubProps) {
  return (
    <SubmenuTrigger>
      <MenuItem className={styles.item ?? ""} textValue={label}>
        <Icon name={icon} />
        <span>{label}</span>
        <span className={`${styles.end} ${styles.sub}`}>
          <Icon name="down" size={12} />
        </span>
      </MenuItem>
      <Popover className={styles.pop ?? ""} offset={-2} crossOffset={-6}>
        <AriaMenu className={styles.menu ?? ""} aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </SubmenuTrigger>
  );
}
