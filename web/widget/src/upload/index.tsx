/** Sending files: loaded with the first one. */
import "../style/rich.css";
import "../style/trouble.css";
import type { App } from "../app";
import type { Texts } from "../texts";
import { Upload } from "./upload";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?upload",
  import: "default",
});

export function openUpload(app: App): Upload {
  return new Upload(app);
}
