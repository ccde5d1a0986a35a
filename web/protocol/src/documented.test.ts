/** The frames and close codes of docs/protocol, as this side reads and writes them. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { afterClose } from "./closing";
import { decode, encode } from "./frames";
import type { CommandName } from "./types";

interface Fixture {
  readonly name: string;
  readonly direction: "client" | "server";
  readonly frame: Readonly<Record<string, unknown>>;
}

const DOCS = new URL("../../../docs/protocol/", import.meta.url);
const FOLDER = new URL("fixtures/realtime/", DOCS);
const FIXTURES = readdirSync(FOLDER).map(
  (name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Fixture,
);
const of = (direction: Fixture["direction"]) =>
  FIXTURES.filter((one) => one.direction === direction);

describe("a documented frame", () => {
  it.each(of("client"))("of a client is what is sent: $name", ({ frame }) => {
    const { id, do: name, key, ...form } = frame;
    const made = encode(id as number, name as CommandName, form as never, key as string);
    expect(JSON.parse(made)).toEqual(frame);
  });

  it.each(of("server"))("of the server is understood: $name", ({ frame }) => {
    const { kind, ...read } = decode(JSON.stringify(frame));
    expect(["answer", "refusal", "event", "signal", "heartbeat"]).toContain(kind);
    if ("on" in frame && kind !== "heartbeat") {
      expect(Object.values(read)).toEqual([frame]);
    }
  });
});

const COMEBACKS = {
  "do not come back": "stop",
  "come back with a fresh token": "renew",
  "come back at once": "renew",
  "come back with back-off": "retry",
  "as you like": "retry",
} as const;

describe("a documented close code", () => {
  const page = readFileSync(new URL("realtime.md", DOCS), "utf8");
  const rows = [...page.matchAll(/^\| (\d{4}) \|.*\| ([a-z -]+)[^|]*\|$/gm)];
  const codes = rows.map(([, code, advice]) => [Number(code), `${advice}`.trim()] as const);

  it.each(codes)("means to a client what the page says: %i, %s", (code, advice) => {
    expect(COMEBACKS[advice as keyof typeof COMEBACKS]).toBe(afterClose(code));
  });

  it("is in the page", () => {
    expect(codes.length).toBeGreaterThan(10);
  });
});
