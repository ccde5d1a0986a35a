import { expect, it } from "vitest";
import { whyUnshown } from "./unshown";

it.each([
  ["a.jpg", "image/jpeg", "/api/v1/files/1/preview", null],
  ["IMG_1.HEIC", "image/heic", "", "kind"],
  ["scan.tif", "image/tiff", undefined, "kind"],
  ["panorama.JPG", "application/octet-stream", undefined, "unreadable"],
  ["data.bin", "application/octet-stream", undefined, null],
  ["jpg", "application/octet-stream", undefined, null],
  ["a.pdf", "application/pdf", undefined, null],
])("%s of type %s with preview %j: %j", (name, type, preview, why) => {
  expect(whyUnshown({ name, type, ...(preview !== undefined && { preview }) })).toBe(why);
});
