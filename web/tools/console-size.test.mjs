/// What an agent's browser loads before the first screen, compressed: page, scripts, sheets, words.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const KIB = 1024;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const small = ({ code, source }) => gzipSync(code ?? source, { level: 9 }).length;

let output;

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production"); // as it is built to be given out
  const configFile = here("../console/vite.config.ts");
  const built = await build({ configFile, logLevel: "silent", build: { write: false } });
  ({ output } = [built].flat()[0]);
}, 60_000);

afterAll(() => vi.unstubAllEnvs());

/// What a chunk imports at once, and their sheets.
function withNeeded(name, found = new Set()) {
  const chunk = output.find(({ fileName }) => fileName === name);
  if (chunk && !found.has(chunk)) {
    found.add(chunk);
    const sheets = chunk.viteMetadata?.importedCss ?? [];
    for (const needed of [...(chunk.imports ?? []), ...sheets]) {
      withNeeded(needed, found);
    }
  }
  return found;
}

function holding(path) {
  const has = (id) => id.replace(/^\0/, "").endsWith(path);
  return output.find((one) => one.type === "chunk" && Object.keys(one.modules).some(has)).fileName;
}

const page = () => output.find(({ fileName }) => fileName === "console.html");

it("all before the first screen is 208 KiB, of 250 that it may be", () => {
  const words = ["en", "zh-CN"].map((one) => withNeeded(holding(`/texts/${one}.ts`)));
  const first = new Set([page(), ...withNeeded(holding("/console/src/main.tsx"))]);
  const sums = words.map((one) =>
    [...new Set([...first, ...one])].reduce((bytes, each) => bytes + small(each), 0),
  );
  expect(Math.min(...sums)).toBeGreaterThan(100 * KIB);
  expect(Math.max(...sums)).toBeLessThanOrEqual(208 * KIB);
});

it("the sheet bears the id by which React Aria adds none of its own", () => {
  const sheets = String(page().source).match(/<link [^>]*rel="stylesheet"[^>]*>/g);
  expect(sheets).toEqual([expect.stringContaining('id="react-aria-pressable-style"')]);
  const looked = output.some(({ code }) => code?.includes("react-aria-pressable-style"));
  expect(looked).toBe(true); // else it looks for another
});
