/// What an agent's browser loads before the first screen, compressed: page, scripts, sheets, words.
import { beforeAll, expect, it } from "vitest";
import { Built, sent } from "./built.mjs";

const KIB = 1024;

let built;

beforeAll(async () => {
  built = await Built.of("console");
}, 60_000);

const page = (name = "console.html") => built.page(name);

it("all before the first screen is 240 KiB, of 250 that it may be", () => {
  const words = ["en", "zh-CN"].map((one) => built.needed(`/texts/${one}.ts`));
  const first = [page(), ...built.needed("/console/src/main.tsx")];
  const sums = words.map((one) => sent(new Set([...first, ...one]), "gz"));
  expect(Math.min(...sums)).toBeGreaterThan(100 * KIB);
  expect(Math.max(...sums)).toBeLessThanOrEqual(240 * KIB);
});

it("a one-time link's page carries nothing of the console's but what it shows", () => {
  const needed = [...built.needed("/console/src/account/main.tsx")];
  const modules = needed.flatMap((one) => Object.keys(one.modules ?? {}));
  const foreign = /\/console\/src\/(store|list|conversation)\/|\/client\//;
  expect(modules.filter((id) => foreign.test(id))).toEqual([]);
  expect(sent(needed, "gz")).toBeLessThanOrEqual(120 * KIB);
});

it("the sheet bears the id by which React Aria adds none of its own", () => {
  for (const name of ["console.html", "account.html"]) {
    const [sheet] = String(page(name).source).match(/<link [^>]*rel="stylesheet"[^>]*>/g);
    expect(sheet).toContain('id="react-aria-pressable-style"');
  }
  const looked = built.output.some(({ code }) => code?.includes("react-aria-pressable-style"));
  expect(looked).toBe(true); // else it looks for another
});
