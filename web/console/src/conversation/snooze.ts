/** Until when a conversation may be put off, in the agent's own time. Pure. */

export interface Snooze {
  readonly name: "reply" | "hour" | "tomorrow" | "week";
  /** null: until the visitor writes, which ends any of them. */
  readonly until: Date | null;
}

/** In the morning one comes to work. */
const MORNING = 9;

export function snoozes(now: Date): readonly Snooze[] {
  return [
    { name: "reply", until: null },
    { name: "hour", until: new Date(now.getTime() + 3_600_000) },
    { name: "tomorrow", until: morningIn(now, 1) },
    { name: "week", until: morningIn(now, daysToMonday(now)) },
  ];
}

function daysToMonday(now: Date): number {
  return (8 - now.getDay()) % 7 || 7;
}

function morningIn(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}
