/**
 * Lists that are never changed, only replaced; one that would stay the same stays the same object.
 */
import type { Message, Person } from "./types";

/** As `filter`, but the same list if all stay. */
export function filtered<T>(list: readonly T[], stays: (one: T) => boolean): readonly T[] {
  return list.every(stays) ? list : list.filter(stays);
}

/** With `message` in the place of its number. */
export function placed(messages: readonly Message[], message: Message): readonly Message[] {
  const last = messages.at(-1);
  return !last || last.seq < message.seq
    ? [...messages, message]
    : merged(without(messages, message.seq), [message]);
}

/** Both lists, which have no number in common, by number. */
export function merged(one: readonly Message[], other: readonly Message[]): readonly Message[] {
  return [...one, ...other].sort((a, b) => a.seq - b.seq);
}

export function without(messages: readonly Message[], seq: number): readonly Message[] {
  return filtered(messages, (message) => message.seq !== seq);
}

/** Whether both are the same person; those of the tutorials' protocols are known by their names. */
export function isSame(a: Person, b: Person): boolean {
  return a.role === b.role && (a.id ?? 0) === (b.id ?? 0) && (a.id ? true : a.name === b.name);
}
