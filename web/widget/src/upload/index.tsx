/** Sending files: loaded with the first one. */
import "../style/rich.css";
import type { App } from "../app";
import { Upload } from "./upload";

export function openUpload(app: App): Upload {
  return new Upload(app);
}
