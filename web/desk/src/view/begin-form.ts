/**
 * What is asked before the first message: the inbox's form, and an e-mail address where nobody is
 * there to answer now.
 *
 * Rules: an inbox that asks nothing has no such form; one simply writes. What was filled in stays
 * until the server has it.
 */
import type { Field, PublicInbox } from "protocol";
import { setPlainText } from "shared/i18n/words";
import { byId } from "shared/view/dom";
import { answersOf, type Fault, faultsOf } from "../core/answers";
import type { Order } from "../core/unsent";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";
import type { Unanswered } from "../link/connection";
import { type Asked, Fields } from "./fields";

/** Names of a form's fields begin with a letter, so these are nobody else's. */
const EMAIL = "-email";
const MESSAGE = "-message";

const FAULTS = {
  required: "fault.required",
  email: "fault.email",
  number: "fault.number",
} as const satisfies Record<Fault, TextKey>;

export type Begin = (text: string, order: Omit<Order, "conversation">) => void;

export class BeginForm {
  readonly element = byId("begin", HTMLFormElement);
  /** Whether the inbox asks for anything. */
  readonly isNeeded: boolean;
  private readonly asked: readonly Field[];
  private readonly own: readonly Asked[];
  private readonly fields: Fields;
  private readonly fault = byId("begin-fault", HTMLElement);

  constructor(inbox: PublicInbox, onBegin: Begin) {
    const { prechat, open, offline } = inbox;
    this.asked = prechat?.fields ?? [];
    const hasEmail = this.asked.some(({ type, required }) => type === "email" && required);
    const needsEmail = !open && offline === "form" && !hasEmail;
    this.isNeeded = needsEmail || prechat !== undefined;
    this.own = ownFields({ needsEmail, needsText: !prechat });
    this.fields = new Fields(byId("fields", HTMLElement), [...this.asked, ...this.own]);
    const title = byId("begin-title", HTMLElement);
    const go = byId("begin-go", HTMLButtonElement);
    if (prechat?.title) {
      setPlainText(title, prechat.title);
    } else {
      words.setText(title, "begin.title");
    }
    if (prechat?.submit) {
      setPlainText(go, prechat.submit);
    } else {
      words.setText(go, "begin.go");
    }
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(onBegin, prechat !== undefined);
    });
  }

  /** Shows what the server refused, at the field that it names; what was filled in is there again. */
  refuse(error: Unanswered, text: string, { answers = {}, email = "" }: Order): void {
    this.fields.fill({ ...answers, [EMAIL]: email, [MESSAGE]: text });
    const [, name = "", reason = ""] = /^(?:answers\.)?(\w+): (.*)$/s.exec(error.message) ?? [];
    const at = name === "email" && !this.asked.some((field) => field.name === name) ? EMAIL : name;
    const isShown = this.fields.showFaults(new Map([[at, { key: "fault.reason", reason }]]));
    this.fault.hidden = isShown;
    words.setText(this.fault, "fault.other", { reason: error.message });
  }

  focus(): void {
    this.fields.focus();
  }

  private faultOf(name: string, fault: Fault): TextKey {
    const isBox = this.asked.some((field) => field.name === name && field.type === "checkbox");
    return isBox && fault === "required" ? "fault.tick" : FAULTS[fault];
  }

  private submit(onBegin: Begin, hasForm: boolean): void {
    const filled = this.fields.filled();
    const faults = faultsOf([...this.asked, ...this.own], filled);
    this.fault.hidden = true;
    const isFaulty = this.fields.showFaults(
      new Map([...faults].map(([name, fault]) => [name, { key: this.faultOf(name, fault) }])),
    );
    if (!isFaulty) {
      const own = answersOf(this.own, filled);
      const email = own[EMAIL];
      onBegin(String(own[MESSAGE] ?? ""), {
        ...(hasForm && { answers: answersOf(this.asked, filled) }),
        ...(email !== undefined && { email: String(email) }),
      });
    }
  }
}

/** The fields that are the page's. */
function ownFields({
  needsEmail,
  needsText,
}: {
  needsEmail: boolean;
  needsText: boolean;
}): Asked[] {
  const email = { name: EMAIL, labelKey: "begin.email", type: "email", required: true } as const;
  const message = { name: MESSAGE, labelKey: "begin.message", type: "textarea" } as const;
  return [
    ...(needsEmail ? [{ ...email, label: "" }] : []),
    { ...message, label: "", required: needsText },
  ];
}
