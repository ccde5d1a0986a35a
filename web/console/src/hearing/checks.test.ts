import { describe, expect, it } from "vitest";
import { DEFAULTS } from "../store/preferences";
import { CHECKS, type Facts, linesOf } from "./checks";

const GOOD: Facts = {
  sound: "ready",
  isHeardElsewhere: false,
  permission: "granted",
  lateMs: 0,
  isLive: true,
  isSocket: true,
  availability: "online",
  chats: 1,
  limit: 5,
  isQuiet: false,
  preferred: DEFAULTS,
};

/** What is not fine: `sound locked`. */
const wrong = (facts: Partial<Facts>) =>
  linesOf({ ...GOOD, ...facts })
    .filter(({ state }) => state !== "fine")
    .map(({ check, how }) => `${check} ${how}`);

const sounds = (more: object) => ({ ...DEFAULTS, sounds: { ...DEFAULTS.sounds, ...more } });

describe("why one heard nothing", () => {
  it("says all that was looked at, also where all is fine", () => {
    expect(linesOf(GOOD).map(({ check }) => check)).toEqual(CHECKS);
    expect(wrong({})).toEqual([]);
  });

  it("is each of the things that keep an offer from being heard, by itself", () => {
    expect(wrong({ sound: "locked" })).toEqual(["sound locked"]);
    expect(wrong({ permission: "denied" })).toEqual(["permission denied"]);
    expect(wrong({ permission: "default" })).toEqual(["permission default"]);
    expect(wrong({ lateMs: 59_000 })).toEqual(["tab late"]);
    expect(wrong({ isLive: false })).toEqual(["socket off"]);
    expect(wrong({ isSocket: false })).toEqual(["socket slow"]);
    expect(wrong({ availability: "away" })).toEqual(["availability away"]);
    expect(wrong({ chats: 5 })).toEqual(["capacity full"]);
    expect(wrong({ isQuiet: true })).toEqual(["quiet now"]);
    expect(wrong({ preferred: sounds({ volume: 0 }) })).toEqual(["preference volume"]);
    expect(wrong({ preferred: sounds({ offer: false }) })).toEqual(["preference off"]);
  });

  it("is not a silent tab while another one sounds", () => {
    expect(wrong({ sound: "locked", isHeardElsewhere: true })).toEqual([]);
  });
});
