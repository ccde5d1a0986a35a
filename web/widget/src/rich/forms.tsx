/** A form within a conversation: answered once, it folds to its answers. */
import type { Form, Option } from "protocol";
import { under } from "../form/answers";
import type { Line } from "../talk/lines";
import type { Rich } from "./rich";

interface Props {
  readonly rich: Rich;
  readonly line: Line;
  readonly block: Form;
}

export function FormOf({ rich, line, block }: Props) {
  const { app } = rich;
  const answers = rich.answersTo(line.seq ?? 0);
  if (answers) {
    return (
      <div class="k-form">
        {block.title && <h2 dir="auto">{block.title}</h2>}
        <Answers rich={rich} form={block} answers={answers} />
      </div>
    );
  }
  const name = rich.talk.partner?.name ?? app.inbox.name;
  return (
    app.form.now?.fields({
      form: block,
      submit: app.text("rich.form.send", { name }),
      onSend: (given) => rich.answer(line.seq ?? 0, given),
    }) ?? null
  );
}

interface Answered {
  readonly rich: Rich;
  readonly form: Form;
  readonly answers: Readonly<Record<string, string | number | boolean | null>>;
}

/** Each question with its answer, as it was shown. */
function Answers({ rich, form, answers }: Answered) {
  const said = (name: string, options: readonly Option[] = []) => {
    const answer = under(answers, name);
    if (typeof answer === "boolean") {
      return rich.app.text(answer ? "rich.yes" : "rich.no");
    }
    return options.find(({ value }) => value === answer)?.label ?? String(answer ?? "");
  };
  return (
    <dl class="k-answers">
      {form.fields
        .filter(({ name }) => (under(answers, name) ?? null) !== null)
        .map(({ name, label, options }) => (
          <div key={name}>
            <dt dir="auto">{label}</dt>
            <dd dir="auto">{said(name, options)}</dd>
          </div>
        ))}
    </dl>
  );
}
