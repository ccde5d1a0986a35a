/**
 * Variables in what one writes: `{{contact.name}}`, or `{{contact.name|there}}`, which says what stands
 * there if nothing is known. Pure.
 *
 * Rules: those of canned responses (docs/inboxes.md), and read as the server reads them there. What is
 * put in is never read again.
 */
export interface Facts {
  readonly contact: string;
  readonly agent: string;
  readonly conversation: number;
  readonly inbox: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface Variable {
  readonly name: string;
  /** "": not known. */
  readonly value: string;
}

const VARIABLE = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;
const ATTRIBUTE = "contact.attributes.";

export function variablesOf(facts: Facts): readonly Variable[] {
  const { contact, agent, conversation, inbox, attributes } = facts;
  return [
    { name: "contact.name", value: contact },
    // A name without a space, as Chinese ones are written, is used whole.
    { name: "contact.first_name", value: contact.trim().split(/\s+/)[0] ?? "" },
    { name: "agent.name", value: agent },
    { name: "conversation.id", value: String(conversation) },
    { name: "inbox.name", value: inbox },
    ...Object.entries(attributes).map(([key, value]) => ({
      name: `${ATTRIBUTE}${key}`,
      value: String(value),
    })),
  ];
}

export interface Filled {
  readonly text: string;
  /** As they stand in the text: what nothing is known of, and no word was given for. */
  readonly unknown: readonly string[];
}

export function fill(text: string, variables: readonly Variable[]): Filled {
  const known = new Map(variables.map(({ name, value }) => [name, value]));
  const unknown = new Set<string>();
  const filled = text.replace(VARIABLE, (whole: string, name: string, other?: string) => {
    const key = name.trim();
    const isThere = known.has(key) || key.startsWith(ATTRIBUTE);
    const value = known.get(key) || (isThere ? other?.trim() : undefined);
    if (value === undefined) {
      unknown.add(whole);
    }
    return value ?? whole;
  });
  return { text: filled, unknown: [...unknown] };
}

/** Those whose name has what was written, and of which something is known. */
export function findVariables(all: readonly Variable[], query: string): readonly Variable[] {
  const asked = query.toLowerCase();
  return all.filter(({ name, value }) => value && name.toLowerCase().includes(asked));
}
