/**
 * What is asked before the first message: the inbox's form, an e-mail address where nobody is there
 * to answer now, and consent.
 *
 * Rules: an inbox that asks nothing has no such form; one simply writes. What was filled in stays
 * until the server has it. Consent that was given in this browser is not asked for again, unless
 * the server has none.
 */
import type { Field, PublicConsent, PublicInbox } from "protocol";
import { setPlainText } from "shared/i18n/words";
import { byId } from "shared/view/dom";
import { forget, recall, remember } from "shared/view/memory";
import { answersOf, type Fault, faultsOf } from "../core/answers";
import type { Order } from "../core/unsent";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";
import type { Unanswered } from "../link/connection";
import { type Asked, Fields } from "./fields";

/** Names of a form's fields begin with a letter, so these are nobody else's. */
const EMAIL = "-email";
const MESSAGE = "-message";
const CONSENT = "-consent";

const FAULTS = {
  required: "fault.required",
  email: "fault.email",
  number: "fault.number",
} as const satisfies Record<Fault, TextKey>;

export type Begin = (text: string, order: Omit<Order, "conversation">) => void;

export class BeginForm {
  readonly element = byId("begin", HTMLFormElement);
  private readonly inbox: PublicInbox;
  private readonly consented: string;
  private readonly asked: readonly Field[];
  private own: readonly Asked[] = [];
  private fields!: Fields;
  private readonly fault = byId("begin-fault", HTMLElement);

  /** `scope`: the name under which it is kept that one agreed. */
  constructor(inbox: PublicInbox, scope: string, onBegin: Begin) {
    this.inbox = inbox;
    this.consented = `consented.${scope}`;
    this.asked = inbox.prechat?.fields ?? [];
    this.renew();
    const { prechat } = inbox;
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

  /** Whether there is anything to ask now. */
  get isNeeded(): boolean {
    const isAsked = this.own.some(({ name }) => name !== MESSAGE);
    return isAsked || this.inbox.prechat !== undefined;
  }

  /** Makes the form anew, of what is to be asked now. */
  renew(): void {
    const { prechat, open, offline, consent } = this.inbox;
    const hasEmail = this.asked.some(({ type, required }) => type === "email" && required);
    const needsEmail = !open && offline === "form" && !hasEmail;
    const asksConsent = recall(this.consented) === "" ? consent : undefined;
    this.own = ownFields({ needsEmail, needsText: !prechat, consent: asksConsent });
    this.fields = new Fields(byId("fields", HTMLElement), [...this.asked, ...this.own]);
  }

  /** The server may know of no consent where this browser remembers some: then it is asked for. */
  learn({ message }: Unanswered): void {
    if (message.startsWith("consent:") && recall(this.consented) !== "") {
      forget(this.consented);
      this.renew();
    }
  }

  /** Shows what the server refused, at the field that it names; what was filled in is there again. */
  refuse(error: Unanswered, text: string, { answers = {}, email = "", consent }: Order): void {
    this.fields.fill({ ...answers, [EMAIL]: email, [MESSAGE]: text, [CONSENT]: consent });
    const [, form = "", name = "", reason = ""] =
      /^(answers\.)?(\w+): (.*)$/s.exec(error.message) ?? [];
    const isOwn = !form && this.own.some((field) => field.name === `-${name}`);
    const at = isOwn ? `-${name}` : name;
    const key = at === CONSENT ? "fault.tick" : "fault.reason";
    const isShown = this.fields.showFaults(new Map([[at, { key, reason }]]));
    this.fault.hidden = isShown;
    words.setText(this.fault, "fault.other", { reason: error.message });
  }

  focus(): void {
    this.fields.focus();
  }

  private faultOf(name: string, fault: Fault): TextKey {
    const all = [...this.asked, ...this.own];
    const isBox = all.some((field) => field.name === name && field.type === "checkbox");
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
      const consent = own[CONSENT] === true;
      if (consent) {
        remember(this.consented, "yes");
      }
      onBegin(String(own[MESSAGE] ?? ""), {
        ...(hasForm && { answers: answersOf(this.asked, filled) }),
        ...(email !== undefined && { email: String(email) }),
        ...(consent && { consent }),
      });
    }
  }
}

/** The fields that are the page's. */
function ownFields({
  needsEmail,
  needsText,
  consent,
}: {
  needsEmail: boolean;
  needsText: boolean;
  consent: PublicConsent | undefined;
}): Asked[] {
  const email = { name: EMAIL, labelKey: "begin.email", type: "email", required: true } as const;
  const message = { name: MESSAGE, labelKey: "begin.message", type: "textarea" } as const;
  return [
    ...(needsEmail ? [{ ...email, label: "" }] : []),
    { ...message, label: "", required: needsText },
    ...(consent ? [consentField(consent)] : []),
  ];
}

function consentField({ text, privacy_page }: PublicConsent): Asked {
  return {
    name: CONSENT,
    type: "checkbox",
    required: true,
    label: text ?? "",
    ...(!text && { labelKey: "begin.consent" }),
    ...(privacy_page && { more: { key: "begin.privacy", href: privacy_page } }),
  };
}
