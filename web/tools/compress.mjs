/// Puts a gzip and a Brotli copy beside each file that gets smaller by it: `x.js.gz`, `x.js.br`.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = /\.(css|html|js|json|svg|txt)$/;
/// Below this nothing is saved that is worth a file.
const LEAST_BYTES = 256;
/// What a copy has to save, as a share of the file.
const LEAST_SAVED = 0.1;

const ENCODERS = {
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
  br: (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
};

/// What is sent of a file to a browser that takes `coding`: its copy, or itself where it has none.
export function asSent(file, bytes, coding) {
  return copyOf(file, bytes, coding) ?? bytes;
}

export async function compressAll(folder) {
  const files = await readdir(folder, { recursive: true });
  await Promise.all(files.map((file) => compress(folder + file)));
}

async function compress(path) {
  if (!TEXT.test(path)) {
    return;
  }
  const bytes = await readFile(path);
  for (const coding of Object.keys(ENCODERS)) {
    const small = copyOf(path, bytes, coding);
    if (small) {
      await writeFile(`${path}.${coding}`, small);
    }
  }
}

/// Null: the file is sent as it is.
function copyOf(file, bytes, coding) {
  if (!TEXT.test(file) || bytes.length < LEAST_BYTES) {
    return null;
  }
  const small = ENCODERS[coding](bytes);
  return small.length <= bytes.length * (1 - LEAST_SAVED) ? small : null;
}
