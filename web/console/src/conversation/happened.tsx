/** What happened to a conversation, in one line; who has it, how and why it moved. */
import type { Details, Message, Role, What } from "protocol";
import { momentOf, timeOf } from "shared/i18n/times";
import { useStore } from "../store/use";
import { type TextKey, type Texts, useTexts } from "../texts/texts";
import { Icon, type IconName } from "../ui/icon";
import styles from "./happened.module.css";

export function Happened({ message }: { readonly message: Message }) {
  const texts = useTexts();
  const me = useStore((store) => store.me.id);
  const teams = useStore(({ directory }) => directory.teams);
  const agents = useStore(({ directory }) => directory.agents);
  const { activity, at } = message;
  if (!activity) {
    return null;
  }
  const said = wordsOf(message, texts, {
    isMe: (id) => id !== undefined && id === me,
    team: (id) => teams.get(id ?? 0)?.name ?? "",
    agent: (id) => agents.get(id ?? 0)?.name ?? "",
  });
  return (
    <li className={styles.happened} data-activity={activity.what} data-seq={message.seq}>
      <Icon name={ICONS[activity.what] ?? "user"} size={14} />
      <span>
        {said} · <time dateTime={at}>{timeOf(new Date(at), texts.locale)}</time>
      </span>
    </li>
  );
}

const ICONS: Readonly<Record<string, IconName>> = {
  began: "chat",
  queued: "clock",
  pending: "clock",
  snoozed: "moon",
  resolved: "check",
  reopened: "reply",
  tagged: "tag",
  transferred: "transfer",
  blocked: "block",
  rated: "smile",
  left_email: "mail",
  page: "globe",
  identified: "shield",
};

interface Names {
  readonly isMe: (id: number | undefined) => boolean;
  readonly team: (id: number | undefined) => string;
  readonly agent: (id: number | undefined) => string;
}

/** What is told of it, and with which values. */
function wordsOf(message: Message, texts: Texts, names: Names): string {
  const { t, locale } = texts;
  const { activity, sender } = message;
  const { what, agent, team, until, values = {} } = activity ?? { what: "contact" as const };
  const common = {
    to: agent?.name ?? "",
    by: sender.role === "system" ? "" : sender.name,
    when: until ? momentOf(new Date(until), locale) : "",
    team: names.team(team),
    from: names.agent(values.absent ?? values.from),
    tags: values.tags?.join(", ") ?? "",
    score: values.score ?? 0,
    comment: values.comment ?? "",
    email: values.email ?? "",
    priority: values.priority ?? 0,
  };
  return t(keyOf(message, what, names), common);
}

function keyOf({ activity, sender }: Message, what: What, { isMe }: Names): TextKey {
  const { agent, until, values = {} } = activity ?? {};
  switch (what) {
    case "assigned":
    case "accepted":
    case "transferred":
      if (!agent) {
        return "conversation:act.transferred.team";
      }
      return isMe(agent.id) ? `conversation:act.${what}.me` : `conversation:act.${what}`;
    case "queued":
      return whyQueued(values);
    case "tagged":
      return values.tags?.length ? "conversation:act.tagged" : "conversation:act.untagged";
    case "snoozed":
      return until ? "conversation:act.snoozed" : "conversation:act.snoozed.reply";
    case "resolved":
      return endOf(values.reason === "visitor_left" ? "visitor" : sender.role);
    default:
      return `conversation:act.${what}`;
  }
}

function whyQueued({ absent, reason }: Details): TextKey {
  return WHY_QUEUED[absent ? "absent" : (reason ?? "")] ?? "conversation:act.queued";
}

/** Who ended it. */
function endOf(role: Role): TextKey {
  if (role === "visitor") {
    return "conversation:act.resolved.visitor";
  }
  return role === "system" ? "conversation:act.resolved.system" : "conversation:act.resolved";
}

const WHY_QUEUED: Readonly<Record<string, TextKey>> = {
  absent: "conversation:act.queued.absent",
  agent_left: "conversation:act.queued.agent_left",
  asked: "conversation:act.queued.asked",
  bot_silent: "conversation:act.queued.bot",
  bot_unreachable: "conversation:act.queued.bot",
  declined: "conversation:act.queued.declined",
  gone: "conversation:act.queued.gone",
  handed_off: "conversation:act.queued.handed_off",
  missed: "conversation:act.queued.missed",
};
