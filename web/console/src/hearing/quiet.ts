/** Whether it is quiet now: hours of the day in a time zone, which may go over midnight. Pure. */
import type { QuietHours } from "protocol";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export function isQuiet(hours: QuietHours | null, nowMs: number): boolean {
  if (!hours) {
    return false;
  }
  const { day, clock } = placeOf(nowMs, hours.time_zone);
  const { begin, end, days } = hours;
  if (begin < end) {
    return days.includes(day) && begin <= clock && clock < end;
  }
  const before = day === 1 ? 7 : day - 1; // of the night that began yesterday
  return (days.includes(day) && clock >= begin) || (days.includes(before) && clock < end);
}

/** Which day of the week it is there (1 is Monday), and the clock as `08:05`. */
function placeOf(nowMs: number, timeZone: string): { day: number; clock: string } {
  const form = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(form.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  return {
    day: DAYS.indexOf(parts.get("weekday") ?? "") + 1,
    clock: `${parts.get("hour")}:${parts.get("minute")}`,
  };
}
