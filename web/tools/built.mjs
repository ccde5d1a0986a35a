/// What a build gives out, and what of it a browser loads: for the tests that hold its bytes.
///
/// Rules: bytes are those that are sent, by the same copies that `compress.mjs` makes.
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { vi } from "vitest";
import { asSent } from "./compress.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export class Built {
  constructor(output) {
    this.output = output;
  }

  /// As it is built to be given out.
  static async of(workspace) {
    vi.stubEnv("NODE_ENV", "production");
    const configFile = here(`../${workspace}/vite.config.ts`);
    const built = await build({ configFile, logLevel: "silent", build: { write: false } });
    vi.unstubAllEnvs();
    return new Built([built].flat()[0].output);
  }

  page(name) {
    return this.output.find(({ fileName }) => fileName === name);
  }

  /// The chunks that hold a module whose path ends so.
  allHolding(ending) {
    const has = (id) => id.replace(/^\0/, "").endsWith(ending);
    return this.output.filter((one) => one.type === "chunk" && Object.keys(one.modules).some(has));
  }

  /// The chunk that holds the module at `path` with what it needs before it runs: what it imports, and
  /// their styles.
  needed(path) {
    const [chunk] = this.allHolding(path);
    if (!chunk) {
      throw new Error(`no chunk has ${path}`);
    }
    return this.withNeeded(chunk.fileName, new Set());
  }

  withNeeded(name, found) {
    const chunk = this.page(name);
    if (chunk && !found.has(chunk)) {
      found.add(chunk);
      const styles = chunk.viteMetadata?.importedCss ?? [];
      for (const one of [...(chunk.imports ?? []), ...styles]) {
        this.withNeeded(one, found);
      }
    }
    return found;
  }
}

/// `coding`: "br" or "gz".
export function sent(files, coding) {
  const bytes = ({ code, source }) => Buffer.from(code ?? source);
  const sizes = [...files].map((one) => asSent(one.fileName, bytes(one), coding).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}
