import { expect, it } from "vitest";

const PAGES = import.meta.glob<string>(["../*.html", "../../shared/parts/*.html"], {
  eager: true,
  query: "?raw",
  import: "default",
});

it.each(Object.entries(PAGES))("%s needs no inline script, style or handler", (_page, html) => {
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
});

it.each(Object.entries(PAGES))("%s names every element once", (_page, html) => {
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
});
