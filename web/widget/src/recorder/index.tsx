/** Recording a voice note: loaded with the first press on the microphone. */
import "../style/more.css";
import "../style/rich.css";
import "../style/recorder.css";
import type { App } from "../app";
import type { Texts } from "../texts";
import { Recorder } from "./recorder";

export const words = [
  import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
    query: "?record",
    import: "default",
  }),
  import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
    query: "?voice",
    import: "default",
  }),
];

export function openRecorder(app: App): Recorder {
  return new Recorder(app);
}
