import { expect, it } from "vitest";
import { cleanName } from "./names";

it("keeps a name as the server does: composed and trimmed", () => {
  expect(cleanName("  Ame\u0301lie ")).toBe("Am\u00e9lie");
  expect(cleanName("\u3000 ")).toBe("");
  expect(cleanName("Ann\u00a0 Lee")).toBe("Ann Lee");
});
