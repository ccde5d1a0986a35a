/** What became of what a message asks: which suggestion was taken, what a form was answered with. Pure. */
import type { Block, Message } from "protocol";

export type Answers = NonNullable<Message["answers"]>;

/** What a visitor answers with when they press one of these. */
export function valuesOf(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap(valuesIn);
}

function valuesIn(block: Block): readonly string[] {
  switch (block.type) {
    case "card":
      return (block.buttons ?? []).flatMap((one) => (one.type === "reply" ? [one.value] : []));
    case "quick_replies":
      return block.options.map(({ value }) => value);
    case "form":
      return [];
  }
}

/** The suggestion of the message that the visitor took: what they said next is one; null: none yet. */
export function chosenOf(messages: readonly Message[], asking: Message): string | null {
  const values = valuesOf(asking.blocks ?? []);
  const next = messages.find(({ seq, sender }) => seq > asking.seq && sender.role === "visitor");
  return next && values.includes(next.text) ? next.text : null;
}

/** null: the form of the message was not answered. */
export function answersTo(messages: readonly Message[], seq: number): Answers | null {
  return messages.find((one) => one.quote === seq && one.answers)?.answers ?? null;
}
