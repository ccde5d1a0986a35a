/**
 * Why one may have heard nothing: each thing that it can lie in, how it stands, and what to do.
 *
 * Rules: pure. Every line is there always, those that are fine too: whoever asks sees what was looked at.
 */
import type { Availability } from "protocol";
import type { Preferred } from "../store/preferences";
import type { Permission } from "./notices";
import type { SoundState } from "./sound";

export interface Facts {
  readonly sound: SoundState;
  /** Another tab of this browser sounds for all. */
  readonly isHeardElsewhere: boolean;
  readonly permission: Permission;
  /** How long the browser held this tab back lately. */
  readonly lateMs: number;
  readonly isLive: boolean;
  /** Events come as they happen, not when one asks. */
  readonly isSocket: boolean;
  readonly availability: Availability | null;
  /** Chats that one has, offers included. */
  readonly chats: number;
  readonly limit: number;
  readonly isQuiet: boolean;
  readonly preferred: Preferred;
}

export const CHECKS = [
  "sound",
  "permission",
  "tab",
  "socket",
  "availability",
  "capacity",
  "quiet",
  "preference",
] as const;
export type Check = (typeof CHECKS)[number];

export type State = "fine" | "doubt" | "fault";

export interface Line {
  readonly check: Check;
  readonly state: State;
  /** Which of its texts says so. */
  readonly how: string;
  readonly count?: number;
  readonly limit?: number;
}

/** From here on a tab is held back so much that an offer's sound comes too late. */
const LATE_MS = 5_000;

export function linesOf(facts: Facts): readonly Line[] {
  return CHECKS.map((check) => ({ check, ...LOOKS[check](facts) }));
}

type Look = (facts: Facts) => Omit<Line, "check">;

const line = (state: State, how: string) => ({ state, how });

const LOOKS: Readonly<Record<Check, Look>> = {
  sound: ({ sound, isHeardElsewhere }) => {
    if (isHeardElsewhere) {
      return line("fine", "elsewhere");
    }
    return line(sound === "ready" ? "fine" : "fault", sound);
  },
  permission: ({ permission }) =>
    line(
      permission === "granted" ? "fine" : permission === "denied" ? "fault" : "doubt",
      permission,
    ),
  tab: ({ lateMs }) =>
    lateMs < LATE_MS
      ? line("fine", "awake")
      : { ...line("doubt", "late"), count: Math.round(lateMs / 1000) },
  socket: ({ isLive, isSocket }) => {
    if (!isLive) {
      return line("fault", "off");
    }
    return isSocket ? line("fine", "live") : line("doubt", "slow");
  },
  availability: ({ availability }) =>
    line(availability === "online" ? "fine" : "fault", availability ?? "offline"),
  capacity: ({ chats, limit }) => ({
    ...(chats < limit ? line("fine", "free") : line("fault", "full")),
    count: chats,
    limit,
  }),
  quiet: ({ isQuiet, preferred }) =>
    isQuiet ? line("fault", "now") : line("fine", preferred.quiet_hours ? "later" : "none"),
  preference: ({ preferred: { sounds } }) => {
    if (!sounds.volume) {
      return line("fault", "volume");
    }
    return sounds.offer ? line("fine", "on") : line("fault", "off");
  },
};
