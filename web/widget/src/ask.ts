/** What an inbox asks a visitor before the first message, now that it is open or not. Pure. */
import type { Field, PublicConsent, PublicInbox, VisitorInfo } from "protocol";

/** What a visitor is known by. */
export type Known = NonNullable<VisitorInfo["known"]>;

export interface Asked {
  readonly fields: readonly Field[];
  /** An address has to be asked for beside them: the answer comes when somebody is there. */
  readonly needsEmail: boolean;
  readonly consent: PublicConsent | null;
  readonly isAway: boolean;
}

/** `agreed`: the visitor gave their consent before. null: nothing is asked. */
export function askedOf(inbox: PublicInbox, known: Known, agreed: boolean): Asked | null {
  const isAway = !inbox.open && inbox.offline === "form";
  const isEmailDue = isAway && !known.includes("email");
  const spared = sparedOf(inbox.prechat?.fields ?? [], known);
  const left = (inbox.prechat?.fields ?? []).filter((field) => !spared.has(field));
  const email = left.find(({ type }) => type === "email");
  const fields = left.map((field) =>
    field === email && isEmailDue ? { ...field, required: true } : field,
  );
  const needsEmail = isEmailDue && !email;
  const consent = (!agreed && inbox.consent) || null;
  return fields.length || needsEmail || consent ? { fields, needsEmail, consent, isAway } : null;
}

/** The first field of each kind that asks for what is known. */
function sparedOf(fields: readonly Field[], known: Known): ReadonlySet<Field | undefined> {
  return new Set(
    known.map((kind) =>
      fields.find(({ name, type = "text" }) =>
        kind === "name" ? name === kind && type === "text" : type === kind,
      ),
    ),
  );
}
