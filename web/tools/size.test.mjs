/// What pages pay for the client, compressed.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, it } from "vitest";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

async function bytesOf(entry) {
  const [{ output }] = await build({
    configFile: false,
    root: here(".."),
    logLevel: "silent",
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: { output: { minify: true } },
      lib: { entry: here(entry), formats: ["es"], fileName: () => "client.js" },
    },
  });
  return gzipSync(output[0].code, { level: 9 }).length;
}

it("the client without the way over HTTP leaves the widget room for the rest", async () => {
  expect(await bytesOf("../client/src/client.ts")).toBeLessThan(12 * 1024);
});

it("the client with everything is small", async () => {
  expect(await bytesOf("../client/src/index.ts")).toBeLessThan(16 * 1024);
});
