/// What pages pay for the client and the loader, compressed.
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
  expect(await bytesOf("../client/src/client.ts")).toBeLessThan(13 * 1024);
});

it("the client with everything is small", async () => {
  expect(await bytesOf("../client/src/index.ts")).toBeLessThan(17 * 1024);
});

it("the loader is 3 KiB, and the panel's script that comes with the first opening 2.25", async () => {
  const configFile = here("../loader/vite.config.ts");
  const [{ output }] = [
    await build({ configFile, logLevel: "silent", build: { write: false } }),
  ].flat();
  const files = output.map((one) => [
    one.fileName,
    gzipSync(one.code ?? one.source, { level: 9 }).length,
  ]);
  const sizes = Object.fromEntries(files.map(([name, bytes]) => [name.replace(/-.*/, ""), bytes]));
  expect(Object.keys(sizes).sort()).toEqual(["kefu", "kefu.js"]);
  expect(sizes["kefu.js"]).toBeGreaterThan(1024);
  expect(sizes["kefu.js"]).toBeLessThanOrEqual(3 * 1024);
  expect(sizes.kefu).toBeLessThanOrEqual(2.25 * 1024);
});
