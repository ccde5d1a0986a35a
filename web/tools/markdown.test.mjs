import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const MOST_BYTES = 3 * 1024;

/// As decision 0019 says: its size is why it could take a library's place.
test("the reader of Markdown stays small", async () => {
  const entry = fileURLToPath(new URL("../shared/src/core/markdown.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "warn",
    build: { write: false, lib: { entry, formats: ["es"] } },
  });
  const [{ output }] = [built].flat();
  const sizes = output.map((chunk) => gzipSync(chunk.code).length);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeGreaterThan(500);
  expect(sizes[0]).toBeLessThanOrEqual(MOST_BYTES);
});
