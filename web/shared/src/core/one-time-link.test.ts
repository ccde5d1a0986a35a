import { describe, expect, it } from "vitest";
import { linkIn } from "./one-time-link";

const LINK = `kl_${"aZ0-_bY1".repeat(6).slice(0, 43)}`;

describe("a one-time link", () => {
  it.each([
    ["alone", `#${LINK}`],
    ["with the end of a sentence", `#${LINK}.`],
    ["with the bracket around it", `#${LINK}>`],
    ["with an escaped bracket", `#${LINK}%3E`],
    ["with an escaped letter", `#${LINK.replaceAll("_", "%5F")}`],
    ["with what another program added", `#${LINK}&utm_source=mail`],
    ["with the rest of an escape before it", `#3D${LINK}`],
    ["with a stray escape", `#${LINK}%`],
  ])("is read %s", (_, fragment) => {
    expect(linkIn(fragment)).toEqual({ link: LINK });
  });

  it.each([
    ["short by a letter", `#${LINK.slice(0, -1)}`],
    ["short by half", `#${LINK.slice(0, 20)}`],
    ["cut after its mark", "#kl_"],
    ["cut within its mark", "#kl"],
    ["cut to a letter", "#k"],
    ["too long", `#${LINK}a`],
    ["with a hole", `#${LINK.replace("bY", "…")}`],
    ["with a blank", `#${LINK.slice(0, 20)}%20${LINK.slice(20)}`],
    ["in capitals", `#${LINK.toUpperCase()}`],
    ["with a stray escape", `#%${LINK.slice(0, 9)}`],
  ])("is damaged if it is %s", (_, fragment) => {
    expect(linkIn(fragment)).toEqual({ link: null });
  });

  it.each(["", "#", "#top", "#kl-1", "#klaus", "#ks_aaaaaaaaaaaaaaaaaaaa", "#a=1"])(
    "is not %j",
    (fragment) => {
      expect(linkIn(fragment)).toBeNull();
    },
  );
});
