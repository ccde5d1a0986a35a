/**
 * Cards, suggestions and forms as the visitor has them, and what they did with them: fetched with the
 * first that is shown.
 *
 * Rules: nothing in it does anything here; a link leads where it leads, and tells nobody where from.
 */
import type { Block, Card, Field, Form, QuickReplies } from "protocol";
import { useState } from "react";
import { isFollowable } from "shared/core/markdown";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import type { Answers } from "./answered";
import styles from "./blocks.module.css";
import { Marked } from "./marked";

interface Props {
  readonly blocks: readonly Block[];
  /** What the visitor took of what was suggested. */
  readonly chosen: string | null;
  readonly answers: Answers | null;
}

export function Blocks({ blocks, chosen, answers }: Props) {
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a message keeps its blocks in their order
    <OneBlock key={`${block.type} ${index}`} block={block} chosen={chosen} answers={answers} />
  ));
}

function OneBlock({ block, chosen, answers }: Omit<Props, "blocks"> & { readonly block: Block }) {
  switch (block.type) {
    case "card":
      return <CardOf card={block} chosen={chosen} />;
    case "quick_replies":
      return <Suggestions block={block} chosen={chosen} />;
    case "form":
      return <FormOf form={block} answers={answers} />;
  }
}

function CardOf({ card, chosen }: { readonly card: Card; readonly chosen: string | null }) {
  const { title, text, image_url, image_alt = "", buttons = [] } = card;
  const [isBroken, setBroken] = useState(false);
  return (
    <section className={styles.card} data-kefu="block">
      {image_url && !isBroken && (
        <img
          src={image_url}
          alt={image_alt}
          loading="lazy"
          referrerPolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      )}
      <div className={styles.words}>
        <b dir="auto">{title}</b>
        {text && <Marked text={text} isTeam />}
      </div>
      {buttons.map((button) =>
        button.type === "link" && isFollowable(button.url) ? (
          <a
            key={`${button.label} ${button.url}`}
            className={styles.act}
            href={button.url}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {button.label}
          </a>
        ) : (
          <span key={button.label} className={styles.act} dir="auto">
            {button.type === "reply" && button.value === chosen && <Icon name="check" size={14} />}
            {button.label}
          </span>
        ),
      )}
    </section>
  );
}

function Suggestions({ block, chosen }: { readonly block: QuickReplies; chosen: string | null }) {
  const { t } = useTexts();
  return (
    <ul className={styles.suggestions} aria-label={t("conversation:suggested")} data-kefu="block">
      {block.options.map(({ label, value }) => (
        <li key={value} className={value === chosen ? styles.on : undefined} dir="auto">
          {value === chosen && <Icon name="check" size={14} />}
          {label}
          {value === chosen && <span className={styles.unseen}>{t("conversation:chosen")}</span>}
        </li>
      ))}
    </ul>
  );
}

interface FormProps {
  readonly form: Form;
  readonly answers: Answers | null;
}

function FormOf({ form, answers }: FormProps) {
  const { t } = useTexts();
  const { title, submit, fields } = form;
  if (answers) {
    return (
      <section className={styles.card} data-kefu="block">
        {title && <b dir="auto">{title}</b>}
        <dl>
          {fields.map((field) => (
            <div key={field.name}>
              <dt dir="auto">{field.label}</dt>
              <dd dir="auto">
                <Answer field={field} answers={answers} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    );
  }
  return (
    <section className={styles.card} data-kefu="block">
      {title && <b dir="auto">{title}</b>}
      <fieldset disabled>
        {fields.map((field) => (
          <Asked key={field.name} field={field} />
        ))}
      </fieldset>
      <span className={styles.act}>{submit || t("conversation:form.submit")}</span>
    </section>
  );
}

function Answer({ field, answers }: { readonly field: Field; readonly answers: Answers }) {
  const { t } = useTexts();
  const answer = Object.hasOwn(answers, field.name) ? answers[field.name] : undefined;
  if (typeof answer === "boolean") {
    return t(answer ? "conversation:form.yes" : "conversation:form.no");
  }
  const option = field.options?.find(({ value }) => value === answer);
  return option?.label ?? (answer === undefined ? "–" : String(answer));
}

/** A question as it is asked, for nobody to answer here. */
function Asked({ field }: { readonly field: Field }) {
  const { label, type = "text", required, placeholder, options = [] } = field;
  const title = required ? `${label} *` : label;
  switch (type) {
    case "checkbox":
      return (
        <label className={styles.tick}>
          <input type="checkbox" disabled />
          <span dir="auto">{title}</span>
        </label>
      );
    case "select":
      return (
        <label>
          <span dir="auto">{title}</span>
          <select disabled>
            {options.map(({ value, label: shown }) => (
              <option key={value}>{shown}</option>
            ))}
          </select>
        </label>
      );
    case "textarea":
      return (
        <label>
          <span dir="auto">{title}</span>
          <textarea disabled rows={2} placeholder={placeholder} />
        </label>
      );
    default:
      return (
        <label>
          <span dir="auto">{title}</span>
          <input disabled placeholder={placeholder} />
        </label>
      );
  }
}
