/// Puts a gzip and a Brotli copy beside each file that gets smaller by it: `x.js.gz`, `x.js.br`.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = /\.(css|html|js|json|svg|txt)$/;
/// Below this one packet holds the file anyway.
const LEAST_BYTES = 1024;
/// What a copy has to save, as a share of the file.
const LEAST_SAVED = 0.1;

const ENCODERS = {
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
  br: (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
};

export async function compressAll(folder) {
  const files = await readdir(folder, { recursive: true });
  await Promise.all(files.filter((file) => TEXT.test(file)).map((file) => compress(folder + file)));
}

async function compress(path) {
  const bytes = await readFile(path);
  if (bytes.length < LEAST_BYTES) {
    return;
  }
  for (const [ending, encode] of Object.entries(ENCODERS)) {
    const small = encode(bytes);
    if (small.length <= bytes.length * (1 - LEAST_SAVED)) {
      await writeFile(`${path}.${ending}`, small);
    }
  }
}
