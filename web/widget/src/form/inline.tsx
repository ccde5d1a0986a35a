/** A form that somebody sent within a conversation. */
import { Component, createRef } from "preact";
import type { Form } from "protocol";
import type { App } from "../app";
import { type Answers, answersOf, type Filled, faultsOf } from "./answers";
import { FieldList, type Filling, focusFault } from "./fields";
import { inWords } from "./words";

export interface InlineProps {
  readonly app: App;
  readonly form: Form;
  /** Of the button, where the form says nothing itself. */
  readonly submit: string;
  onSend(answers: Answers): void;
}

let count = 0;

export class Inline extends Component<InlineProps, Filling> {
  override state: Filling = { values: {} as Filled, faults: new Map() };
  private readonly id = `k-in-${++count}`;
  private readonly element = createRef<HTMLFormElement>();

  override render({ app, form, submit }: InlineProps, { values, faults }: Filling) {
    return (
      <form ref={this.element} class="k-form k-stack" noValidate onSubmit={this.send}>
        {form.title && (
          <h2 class="k-legend" dir="auto">
            {form.title}
          </h2>
        )}
        <FieldList
          app={app}
          id={this.id}
          fields={form.fields}
          values={values}
          faults={faults}
          onFill={(name, value) =>
            this.setState({ values: { ...this.state.values, [name]: value } })
          }
        />
        <button class="k-btn wide" type="submit">
          {form.submit || submit}
        </button>
      </form>
    );
  }

  private readonly send = (event: Event): void => {
    event.preventDefault();
    const { app, form, onSend } = this.props;
    const { values } = this.state;
    const faults = inWords(app, faultsOf(form.fields, values));
    this.setState({ faults }, () => this.element.current && focusFault(this.element.current));
    if (!faults.size) {
      onSend(answersOf(form.fields, values));
    }
  };
}
