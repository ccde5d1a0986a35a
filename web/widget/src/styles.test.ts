import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("style", import.meta.url));
const sheets = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);

/** Without what counts only where a pointer can be over something. */
const anywhere = (sheet = "") =>
  sheet.replace(/@media \(hover: hover\) \{(?:[^{}]*\{[^{}]*\})*\s*\}/g, "");

it.each(sheets)("in %s no finger leaves the ground of a pointer behind", (_, sheet) => {
  expect(anywhere(sheet)).not.toContain(":hover");
});

it("some sheets have such a ground", () => {
  expect(sheets.filter(([, sheet]) => sheet?.includes(":hover")).length).toBeGreaterThan(3);
});
