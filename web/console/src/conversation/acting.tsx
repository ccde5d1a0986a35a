/**
 * What one does with a message: answer it, react, copy, change or delete it, see what it said before.
 *
 * Rules: one button at each message, by pointer, or by keyboard: of all of them one is a stop of the Tab
 * key, arrow keys go from one to the next. What it opens is fetched with the first press. An act shows
 * at once and is taken back if it is refused, with the reason.
 */
import type { Message } from "protocol";
import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useMemo,
  useState,
} from "react";
import type { Store } from "../store/store";
import { useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import { useLater } from "../ui/later";
import styles from "./acting.module.css";
import { withReaction } from "./reactions";

/** What lies over the timeline now. */
export type Over =
  | { readonly is: "menu" | "emoji"; readonly message: Message; readonly at: Element }
  | { readonly is: "history" | "delete"; readonly message: Message };

export interface Acting {
  readonly over: Over | null;
  /** The number of the message that is being changed, and what stands in its field. */
  readonly editing: { readonly seq: number; readonly text: string } | null;
  /** The number of the message whose button the Tab key comes to. */
  readonly stop: number | undefined;
  show(over: Over): void;
  /** Takes it away if nothing else has come in its place. */
  leave(over: Over): void;
  edit(message: Message | null): void;
  save(message: Message, text: string): void;
  quote(message: Message): void;
  react(message: Message, emoji: string, isOn: boolean): void;
  erase(message: Message): void;
  /** Leads to a message, whether it is here yet or not. */
  jump(seq: number): void;
}

const ActingContext = createContext<Acting | null>(null);

export function useActing(): Acting {
  const acting = useContext(ActingContext);
  if (!acting) {
    throw new Error("messages are shown in a timeline");
  }
  return acting;
}

interface Props {
  readonly stop: number | undefined;
  readonly jump: (seq: number) => void;
  readonly children: ReactNode;
}

export function Messages({ stop, jump, children }: Props) {
  const store = useStoreItself();
  const [over, setOver] = useState<Over | null>(null);
  const [editing, setEditing] = useState<Acting["editing"]>(null);
  const leave = (left: Over) => setOver((now) => (now === left ? null : now));
  const acts = useMemo(() => actsOf(store, setEditing), [store]);
  const acting = { ...acts, over, editing, stop, show: setOver, leave, jump };
  const part = useLater(over !== null || editing !== null, () => import("./acts"));
  return (
    <ActingContext value={acting}>
      {children}
      {part && over && <part.Acts over={over} />}
    </ActingContext>
  );
}

function actsOf(store: Store, setEditing: (editing: Acting["editing"]) => void) {
  const { client, drafts, revising } = store;
  return {
    edit: (message: Message | null) =>
      setEditing(message && { seq: message.seq, text: message.text }),
    save: (message: Message, text: string) => {
      const { conversation, seq } = message;
      const edited_at = new Date(store.now()).toISOString();
      const asked = client.call("message.edit", { conversation, seq, text });
      setEditing(null);
      revising
        .show(message, () => ({ text, edited_at }), asked)
        .catch((error) => {
          store.refused(error);
          setEditing({ seq, text }); // what was written is not lost
        });
    },
    quote: ({ conversation, seq, type }: Message) => {
      drafts.set(conversation, "quote", String(seq));
      store.wantFocus(conversation, type === "note" ? "note" : null);
    },
    react: (message: Message, emoji: string, isOn: boolean) => {
      const { conversation, seq } = message;
      const { me } = store;
      const asked = client.call("message.react", { conversation, seq, emoji, on: isOn });
      const change = ({ reactions = [] }: Message) => ({
        reactions: withReaction(reactions, emoji, me, isOn),
      });
      revising.show(message, change, asked).catch((error) => store.refused(error));
    },
    erase: (message: Message) => {
      const { conversation, seq } = message;
      const deleted_at = new Date(store.now()).toISOString();
      const gone = { text: "", files: [], blocks: [], reactions: [], deleted_at };
      const asked = client.call("message.delete", { conversation, seq });
      revising.show(message, () => gone, asked).catch((error) => store.refused(error));
    },
  };
}

/** The button at a message. */
export function ActsButton({ message }: { readonly message: Message }) {
  const { t } = useTexts();
  const { over, stop, show } = useActing();
  const isOpen = over?.is === "menu" && over.message.seq === message.seq;
  return (
    <button
      type="button"
      className={styles.acts}
      aria-label={t("conversation:acts")}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      data-kefu="acts"
      tabIndex={stop === message.seq ? 0 : -1}
      onClick={({ currentTarget }) => show({ is: "menu", message, at: currentTarget })}
      onKeyDown={go}
    >
      <Icon name="dots" />
    </button>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

/** To the button of the message before or after. */
function go(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  const list = event.currentTarget.closest("ol");
  if (step && list) {
    const all = [...list.querySelectorAll<HTMLElement>("[data-kefu=acts]")];
    event.preventDefault();
    all[all.indexOf(event.currentTarget) + step]?.focus();
  }
}

/** In the place of a message's words while one changes them. */
export function Editing({ message }: { readonly message: Message }) {
  const part = useLater(true, () => import("./acts"));
  return part && <part.Editor message={message} />;
}
