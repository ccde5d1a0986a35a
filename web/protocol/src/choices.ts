/**
 * Quick replies and the buttons of cards that say something: what was chosen.
 *
 * Rules: pure. Of an option the `label` is shown and the `value` is sent, so what a contact said
 * with a press is known by its text: that of an option above it which was not chosen yet. It is
 * shown by the label; what was chosen from cannot be chosen from again, unless the send failed.
 */
import type { Sending } from "./sending";
import type { Message, Option } from "./types";

export interface Choices {
  /** The chosen value, by the number of the message that asked. */
  readonly chosen: ReadonlyMap<number, string>;
  /** What is shown in place of a text, by the message's client id. */
  readonly labels: ReadonlyMap<string, string>;
}

interface Said {
  readonly client_id?: string;
  readonly text: string;
  readonly isUndone: boolean;
}

export function choicesIn(messages: readonly Message[], sending: readonly Sending[]): Choices {
  const open = new Map<number, readonly Option[]>();
  const chosen = new Map<number, string>();
  const labels = new Map<string, string>();
  const hear = ({ client_id, text, isUndone }: Said) => {
    const [seq, options] = [...open].reverse().find(([, all]) => optionOf(all, text)) ?? [];
    const label = options && optionOf(options, text)?.label;
    if (seq === undefined || label === undefined || client_id === undefined) {
      return;
    }
    labels.set(client_id, label);
    if (!isUndone) {
      chosen.set(seq, text);
      open.delete(seq);
    }
  };
  for (const message of messages) {
    const options = optionsOf(message);
    if (options.length) {
      open.set(message.seq, options);
    } else if (message.sender.role === "visitor") {
      hear({ ...message, isUndone: false });
    }
  }
  for (const one of sending) {
    hear({ ...one, isUndone: one.delivery === "failed" || one.delivery === "lost" });
  }
  return { chosen, labels };
}

/** All that a message offers to say. */
function optionsOf({ blocks = [], deleted_at }: Message): readonly Option[] {
  const all = blocks.flatMap((block): readonly Option[] => {
    switch (block.type) {
      case "quick_replies":
        return block.options;
      case "card":
        return (block.buttons ?? []).filter((button) => button.type === "reply");
      default:
        return [];
    }
  });
  return deleted_at ? [] : all;
}

function optionOf(options: readonly Option[], text: string): Option | undefined {
  return options.find(({ value }) => value === text);
}
