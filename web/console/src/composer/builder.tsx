/**
 * Builds a form, a card or suggestions, beside how the visitor will have it: fetched when it is opened.
 *
 * Rules: what is wrong is said when one wants to send, and nothing is sent then. What is said with it
 * comes from the draft, which goes with it.
 */
import { type FormEvent, useId, useState } from "react";
import { Blocks } from "../conversation/blocks";
import { Marked } from "../conversation/marked";
import { type TextKey, useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { Dialog } from "../ui/dialog";
import styles from "./builder.module.css";
import {
  blockOf,
  type Draft,
  emptyDraft,
  faultOf,
  type Kind,
  MOST_PRESSES,
  MOST_QUESTIONS,
  type Press,
  type Question,
  TYPES,
} from "./building";

interface Props {
  readonly kind: Kind;
  readonly text: string;
  readonly send: (text: string, blocks: readonly unknown[]) => void;
  readonly onClose: () => void;
}

export function Builder({ kind, text, send, onClose }: Props) {
  const { t } = useTexts();
  const [draft, setDraft] = useState(() => emptyDraft(kind, text));
  const [isAsked, setAsked] = useState(false);
  const put = (patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch }));
  const fault = faultOf(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // React tells the composer's form, too, which would send the draft
    setAsked(true);
    if (!fault) {
      send(draft.text.trim(), [blockOf(draft)]);
      onClose();
    }
  };
  return (
    <Dialog title={t(`composer:build.${kind}`)} isOpen onClose={onClose}>
      <form className={styles.builder} onSubmit={submit} noValidate>
        <Words label="build:text" value={draft.text} put={(value) => put({ text: value })} isLong />
        <Parts draft={draft} put={put} />
        <section className={styles.preview} aria-label={t("build:preview")}>
          <h3>{t("build:preview")}</h3>
          {draft.text.trim() && <Marked text={draft.text.trim()} isTeam />}
          <Blocks blocks={[blockOf(draft)]} chosen={null} answers={null} />
        </section>
        {isAsked && fault && (
          <p className={styles.fault} role="alert">
            {t(fault)}
          </p>
        )}
        <div className={styles.buttons}>
          <Button onPress={onClose}>{t("conversation:cancel")}</Button>
          <Button kind="solid" type="submit">
            {t("composer:send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface PartsProps {
  readonly draft: Draft;
  readonly put: (patch: Partial<Draft>) => void;
}

function Parts({ draft, put }: PartsProps) {
  switch (draft.kind) {
    case "card":
      return <CardParts draft={draft} put={put} />;
    case "quick_replies":
      return (
        <Words
          label="build:suggestions"
          value={draft.suggestions}
          put={(suggestions) => put({ suggestions })}
          isLong
        />
      );
    case "form":
      return <FormParts draft={draft} put={put} />;
  }
}

function CardParts({ draft, put }: PartsProps) {
  const { t } = useTexts();
  const { presses } = draft;
  const set = (id: number, patch: Partial<Press>) =>
    put({ presses: presses.map((one) => (one.id === id ? { ...one, ...patch } : one)) });
  return (
    <>
      <Words label="build:title" value={draft.title} put={(title) => put({ title })} />
      <Words label="build:body" value={draft.body} put={(body) => put({ body })} isLong />
      <Words label="build:image" value={draft.image} put={(image) => put({ image })} type="url" />
      {draft.image.trim() && (
        <Words
          label="build:image.alt"
          value={draft.imageAlt}
          put={(imageAlt) => put({ imageAlt })}
        />
      )}
      {presses.map((one, index) => (
        <fieldset key={one.id} className={styles.row}>
          <legend>{t("build:button", { number: index + 1 })}</legend>
          <Words label="build:label" value={one.label} put={(label) => set(one.id, { label })} />
          <Words label="build:url" value={one.url} put={(url) => set(one.id, { url })} type="url" />
          <IconButton
            icon="x"
            isSmall
            label={t("build:button.remove", { number: index + 1 })}
            onPress={() => put({ presses: presses.filter(({ id }) => id !== one.id) })}
          />
        </fieldset>
      ))}
      {presses.length < MOST_PRESSES && (
        <Button
          isSmall
          icon="plus"
          onPress={() =>
            put({ presses: [...presses, { id: nextOf(presses), label: "", url: "" }] })
          }
        >
          {t("build:button.add")}
        </Button>
      )}
    </>
  );
}

function FormParts({ draft, put }: PartsProps) {
  const { t } = useTexts();
  const { questions } = draft;
  const set = (id: number, patch: Partial<Question>) =>
    put({ questions: questions.map((one) => (one.id === id ? { ...one, ...patch } : one)) });
  const add = () => {
    const id = nextOf(questions);
    const fresh = { id, label: "", type: "text", isRequired: true, options: "" } as const;
    put({ questions: [...questions, fresh] });
  };
  return (
    <>
      <Words label="build:heading" value={draft.title} put={(title) => put({ title })} />
      {questions.map((one, index) => (
        <fieldset key={one.id} className={styles.row}>
          <legend>{t("build:question", { number: index + 1 })}</legend>
          <Words label="build:asks" value={one.label} put={(label) => set(one.id, { label })} />
          <label>
            <span>{t("build:type")}</span>
            <select
              value={one.type}
              onChange={({ currentTarget }) =>
                set(one.id, { type: currentTarget.value as Question["type"] })
              }
            >
              {TYPES.map((type) => (
                <option key={type} value={type}>
                  {t(`build:type.${type}`)}
                </option>
              ))}
            </select>
          </label>
          {questions.length > 1 && (
            <IconButton
              icon="x"
              isSmall
              label={t("build:question.remove", { number: index + 1 })}
              onPress={() => put({ questions: questions.filter(({ id }) => id !== one.id) })}
            />
          )}
          {one.type === "select" && (
            <Words
              label="build:options"
              value={one.options}
              put={(options) => set(one.id, { options })}
              isLong
            />
          )}
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={one.isRequired}
              onChange={({ currentTarget }) => set(one.id, { isRequired: currentTarget.checked })}
            />
            <span>{t("build:required")}</span>
          </label>
        </fieldset>
      ))}
      {questions.length < MOST_QUESTIONS && (
        <Button isSmall icon="plus" onPress={add}>
          {t("build:question.add")}
        </Button>
      )}
    </>
  );
}

interface WordsProps {
  readonly label: TextKey;
  readonly value: string;
  readonly put: (value: string) => void;
  readonly isLong?: boolean;
  readonly type?: "text" | "url";
}

function Words({ label, value, put, isLong = false, type = "text" }: WordsProps) {
  const { t } = useTexts();
  const id = useId();
  const field = { id, value, dir: "auto" };
  return (
    <div className={styles.words}>
      <label htmlFor={id}>{t(label)}</label>
      {isLong ? (
        <textarea {...field} rows={2} onChange={({ currentTarget }) => put(currentTarget.value)} />
      ) : (
        <input {...field} type={type} onChange={({ currentTarget }) => put(currentTarget.value)} />
      )}
    </div>
  );
}

function nextOf(all: readonly { readonly id: number }[]): number {
  return Math.max(0, ...all.map(({ id }) => id)) + 1;
}
