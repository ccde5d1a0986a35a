import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import { describe, expect, it } from "vitest";
import { complete, DEFAULTS, Preferences } from "./preferences";

/** A client whose answers come when the test says so. */
function aClient() {
  const asked: {
    name: string;
    form: object;
    answer: (value: object) => void;
    refuse: (error: Error) => void;
  }[] = [];
  let hear: (signal: object) => void = () => undefined;
  const client = {
    status: "live",
    on: (name: string, act: (signal: object) => void) => {
      if (name === "signal") {
        hear = act;
      }
    },
    call: (name: string, form: object) =>
      new Promise<object>((answer, refuse) => asked.push({ name, form, answer, refuse })),
  };
  return { client: client as unknown as Client, asked, tell: (signal: object) => hear(signal) };
}

const settled = () => new Promise((go) => setTimeout(go));

describe("what one prefers", () => {
  it("has the default of whatever is not told", () => {
    expect(complete({})).toEqual(DEFAULTS);
    expect(complete({ sounds: { volume: 10 } }).sounds).toEqual({
      ...DEFAULTS.sounds,
      volume: 10,
    });
  });

  it("is read once a connection, and stays the same object until it changes", async () => {
    const { client, asked, tell } = aClient();
    const preferences = new Preferences(client, () => undefined);
    preferences.follow();
    preferences.follow();
    expect(asked.map(({ name }) => name)).toEqual(["preferences.get"]);
    asked[0]?.answer({ theme: "dark" });
    await settled();
    const { now } = preferences;
    expect([preferences.isKnown, now.theme]).toEqual([true, "dark"]);
    tell({ on: "preferences", preferences: { theme: "dark" } });
    expect(preferences.now).toBe(now);
    tell({ on: "preferences", preferences: { theme: "light" } });
    expect(preferences.now.theme).toBe("light");
  });

  it("shows a change at once, and takes it back if it is refused", async () => {
    const { client, asked } = aClient();
    const preferences = new Preferences(client, () => undefined);
    const sounds = { ...DEFAULTS.sounds, volume: 5 };
    const setting = preferences.set({ sounds });
    expect(preferences.now.sounds.volume).toBe(5);
    asked[0]?.refuse(new Unanswered({ code: "bad_input", message: "No.", retry_ms: null }));
    await expect(setting).rejects.toThrow();
    expect(preferences.now).toEqual(DEFAULTS);
  });

  it("an answer to an earlier change takes nothing of a later one back", async () => {
    const { client, asked } = aClient();
    const preferences = new Preferences(client, () => undefined);
    const first = preferences.set({ theme: "dark" });
    void preferences.set({ theme: "light" });
    asked[0]?.answer({ theme: "dark" });
    await first;
    expect(preferences.now.theme).toBe("light");
  });
});
