/**
 * Which texts the parts of the program say, and which of them may not be there when they do: each part
 * brings words of its own (`query` in its module), and may count on those of what loads it.
 */
import { posix } from "node:path";
import { partOf } from "../../parts";

/** By their paths, `talk/row.tsx`. */
export type Sources = ReadonlyMap<string, string>;

const STATIC = /^(?:import|export) (?!type )[^;"]*?from "(\.[^"]+)"/gms;
const DYNAMIC = /(?<!typeof )\bimport\("(\.[^"]+)"\)/g;
const BROUGHT = /query: "\?(\w+)"/g;
/** Another part's words, brought as well. */
const BORROWED = /^import \{[^}]*\bwords\b[^}]*\} from "(\.[^"]+)"/gm;
const SAID = /["`]([a-z][\w-]*\.[\w.-]*)(?:["`]|\$\{)/g;

/** What is said where its words may be missing: `the part's module → module: text`. */
export function unsaid(sources: Sources, keys: readonly string[], main: string): string[] {
  const loads = new Map(
    [...sources].map(([path, code]) => [
      path,
      found(code, DYNAMIC).map((to) => resolved(sources, path, to)),
    ]),
  );
  const first = reachedFrom(sources, main, new Set());
  const parts = [...new Set([...loads.values()].flat())].map((path) => {
    const modules = reachedFrom(sources, path, first);
    return { path, modules, own: broughtBy(sources, path) };
  });
  const whole = [{ path: main, modules: first }, ...parts];
  const loadersOf = (part: string) =>
    whole.filter(({ modules }) => [...modules].some((path) => loads.get(path)?.includes(part)));
  const all = new Set(keys.map(partOf));
  // What is there whenever a part is: fewer each time, until it is no fewer.
  const there = new Map<string, ReadonlySet<string>>(parts.map(({ path }) => [path, all]));
  there.set(main, new Set(["first"]));
  const ways = parts.map(({ path, own }) => ({ path, own, loaders: loadersOf(path) }));
  for (let isLess = true; isLess; ) {
    isLess = false;
    for (const { path, own, loaders } of ways) {
      const common = [...all].filter((one) => loaders.every((by) => there.get(by.path)?.has(one)));
      const next = new Set([...common, ...own]);
      isLess ||= next.size < (there.get(path)?.size ?? 0);
      there.set(path, next);
    }
  }
  return whole.flatMap((part) =>
    [...part.modules].flatMap((path) =>
      saidIn(sources.get(path) ?? "", keys)
        .filter((key) => !there.get(part.path)?.has(partOf(key)))
        .map((key) => `${part.path} → ${path}: ${key}`),
    ),
  );
}

function broughtBy(sources: Sources, path: string): string[] {
  const code = sources.get(path) ?? "";
  const from = found(code, BORROWED).map((to) => sources.get(resolved(sources, path, to)) ?? "");
  return [code, ...from].flatMap((one) => found(one, BROUGHT));
}

function saidIn(code: string, keys: readonly string[]): string[] {
  // `talk.${what}`: any that begins so
  return found(code, SAID).filter((said) =>
    said.endsWith(".") ? keys.some((key) => key.startsWith(said)) : keys.includes(said),
  );
}

function reachedFrom(sources: Sources, from: string, but: ReadonlySet<string>) {
  const reached = new Set<string>();
  const waiting = [from];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const code = sources.get(path);
    if (code !== undefined && !reached.has(path) && !but.has(path)) {
      reached.add(path);
      waiting.push(...found(code, STATIC).map((to) => resolved(sources, path as string, to)));
    }
  }
  return reached;
}

function resolved(sources: Sources, path: string, to: string): string {
  const whole = posix.join(posix.dirname(path), to);
  const ends = ["", ".ts", ".tsx", "/index.ts", "/index.tsx"];
  return ends.map((end) => whole + end).find((one) => sources.has(one)) ?? whole;
}

function found(code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([, one]) => one ?? "");
}
