/// What a site's visitors pay for the widget, compressed: faces.md's budgets, in bytes.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const KIB = 1024;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const small = ({ code, source }) => gzipSync(code ?? source, { level: 9 }).length;

let output;
/// The loader and the panel's script.
let loader;

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production"); // as it is built to be given out
  const configFile = here("../widget/vite.config.ts");
  const built = await build({ configFile, logLevel: "silent", build: { write: false } });
  ({ output } = [built].flat()[0]);
  const other = here("../loader/vite.config.ts");
  const scripts = await build({ configFile: other, logLevel: "silent", build: { write: false } });
  loader = sum([scripts].flat()[0].output);
}, 60_000);

afterAll(() => vi.unstubAllEnvs());

/// A chunk with what it needs before it runs: what it imports, and their styles.
function withNeeded(name, found = new Set()) {
  const chunk = output.find(({ fileName }) => fileName === name);
  if (chunk && !found.has(chunk)) {
    found.add(chunk);
    const styles = chunk.viteMetadata?.importedCss ?? [];
    for (const needed of [...(chunk.imports ?? []), ...styles]) {
      withNeeded(needed, found);
    }
  }
  return found;
}

/// The chunk that holds the module at `path`.
function holding(path) {
  const has = (id) => id.replace(/^\0/, "").endsWith(path);
  return output.find((one) => one.type === "chunk" && Object.keys(one.modules).some(has)).fileName;
}

/// The most that a language's words of a part weigh.
function words(part) {
  const isOf = (one) =>
    one.type === "chunk" && Object.keys(one.modules).some((id) => id.endsWith(`.json?${part}`));
  return Math.max(...output.filter(isOf).map(small));
}

const sum = (files) => [...files].reduce((bytes, one) => bytes + small(one), 0);

function first() {
  const page = output.find(({ fileName }) => fileName === "widget.html");
  const linked = output.filter(({ fileName }) => String(page.source).includes(fileName));
  return new Set([page, ...linked, ...withNeeded(holding("/widget/src/main.ts"))]);
}

it("all before the first message is 20 KiB", () => {
  const bytes = loader + sum(first()) + words("first");
  expect(bytes).toBeGreaterThan(15 * KIB);
  expect(bytes).toBeLessThanOrEqual(20 * KIB);
});

it("with a conversation open it is 45 KiB", () => {
  const files = first();
  for (const one of withNeeded(holding("/widget/src/talk/index.tsx"))) {
    files.add(one);
  }
  const bytes = loader + sum(files) + words("first") + words("talk");
  expect(bytes).toBeGreaterThan(30 * KIB);
  expect(bytes).toBeLessThanOrEqual(45 * KIB);
});

it("before the first message nothing is loaded of what comes later", () => {
  const modules = [...first()].flatMap(({ modules }) => Object.keys(modules ?? {}));
  const later =
    /\/src\/(talk|rich|form|page|upload|recorder|emoji|offers)\/|client\/src\/client|markdown/;
  expect(modules.filter((id) => later.test(id))).toEqual([]);
  expect([...first()].filter(({ fileName }) => fileName.endsWith(".css")).length).toBe(1);
});
