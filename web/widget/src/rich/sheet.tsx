/**
 * One question over the chat: a few fields or a yes, and what came of it.
 *
 * Rules: it is the browser's own modal dialog, so focus stays in it and goes back. What is wrong is said
 * in it; what one wrote stays. Once it is done it says so, and has only Close.
 */

import { Component } from "preact";
import type { App } from "../app";
import { IconButton } from "../parts/button";

export interface AskField {
  readonly name: string;
  readonly label: string;
  readonly kind: "email" | "text";
  readonly value?: string;
  readonly most: number;
}

export interface Ask {
  readonly title: string;
  readonly about?: string;
  readonly fields?: readonly AskField[];
  /** The button; none: there is only something to read. */
  readonly go?: string;
  /** Does it; what is said afterwards, null: nothing, it closes. Throws a text: why not. */
  readonly act?: (values: Readonly<Record<string, string>>) => Promise<string | null>;
  /** In place of fields. */
  readonly body?: () => preact.ComponentChildren;
}

/** Why it could not be done, for whoever asked. */
export class Refused extends Error {}

interface Props {
  readonly app: App;
  readonly ask: Ask;
  readonly closed: () => void;
}

interface State {
  readonly values: Readonly<Record<string, string>>;
  readonly wrong: string;
  readonly fault: string;
  readonly done: string;
  readonly isBusy: boolean;
}

export class Sheet extends Component<Props, State> {
  override state: State = {
    values: Object.fromEntries(
      (this.props.ask.fields ?? []).map(({ name, value = "" }) => [name, value]),
    ),
    wrong: "",
    fault: "",
    done: "",
    isBusy: false,
  };
  private dialog: HTMLDialogElement | null = null;

  override componentDidMount(): void {
    this.dialog?.showModal();
  }

  override componentWillUnmount(): void {
    this.dialog?.close();
  }

  override render({ app, ask, closed }: Props, { done, fault, isBusy }: State) {
    return (
      <dialog
        class="k-sheet"
        aria-labelledby="k-sheet"
        ref={(dialog) => {
          this.dialog = dialog;
        }}
        onClose={closed}
      >
        <form class="k-stack" noValidate onSubmit={this.send}>
          <div class="k-two">
            <h2 id="k-sheet">{ask.title}</h2>
            <IconButton icon="close" label={app.text("seldom.close")} onClick={this.close} />
          </div>
          {done ? (
            <p role="status">{done}</p>
          ) : (
            <>
              {ask.about && <p>{ask.about}</p>}
              {ask.body?.()}
              {ask.fields?.map((field) => this.fieldOf(field))}
            </>
          )}
          {fault && (
            <p class="k-err" role="alert">
              {fault}
            </p>
          )}
          {done ? (
            <button class="k-btn wide" type="button" onClick={this.close}>
              {app.text("seldom.close")}
            </button>
          ) : (
            ask.go && (
              <button class="k-btn main wide" type="submit" aria-disabled={isBusy}>
                {ask.go}
              </button>
            )
          )}
        </form>
      </dialog>
    );
  }

  private fieldOf({ name, label, kind, most }: AskField) {
    const { app } = this.props;
    const { values, wrong } = this.state;
    const isWrong = wrong === name;
    const common = {
      id: `k-ask-${name}`,
      class: "k-in",
      value: values[name] ?? "",
      maxLength: most,
      "aria-invalid": isWrong,
      "aria-describedby": isWrong ? "k-ask-wrong" : undefined,
      onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
        this.setState({ values: { ...values, [name]: currentTarget.value } }),
    };
    return (
      <div class="k-field" key={name}>
        <label class="k-legend" for={common.id}>
          {label}
        </label>
        {kind === "email" ? (
          <input type="email" autocomplete="email" {...common} />
        ) : (
          <textarea rows={3} {...common} />
        )}
        {isWrong && (
          <p class="k-err" id="k-ask-wrong">
            {app.text(kind === "email" ? "seldom.email.wrong" : "seldom.empty")}
          </p>
        )}
      </div>
    );
  }

  private readonly close = (): void => this.dialog?.close();

  private readonly send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { ask, app } = this.props;
    const { values, isBusy } = this.state;
    const form = event.currentTarget as HTMLFormElement;
    const wrong = ask.fields?.find(({ name }) => !isFilled(form, `k-ask-${name}`))?.name ?? "";
    this.setState({ wrong, fault: "" });
    if (isBusy || wrong) {
      form.querySelector<HTMLElement>(`#k-ask-${wrong || "none"}`)?.focus();
      return;
    }
    this.setState({ isBusy: true });
    try {
      const done = (await ask.act?.(values)) ?? "";
      this.setState({ done });
      if (!done) {
        this.close();
      }
    } catch (error) {
      this.setState({ fault: error instanceof Refused ? error.message : app.text("seldom.fault") });
    }
    this.setState({ isBusy: false });
  };
}

function isFilled(form: HTMLFormElement, id: string): boolean {
  const field = form.querySelector<HTMLInputElement>(`#${id}`);
  return !field || (field.value.trim() !== "" && field.validity.valid);
}
