/** Recording a voice note: loaded with the first press on the microphone. */
import "../style/rich.css";
import "../style/recorder.css";
import type { App } from "../app";
import { Recorder } from "./recorder";

export function openRecorder(app: App): Recorder {
  return new Recorder(app);
}
