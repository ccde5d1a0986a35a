"""What a browser records is taken for sound, and played again from where it is kept."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage

RECORD = """async (type) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType: type });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start(100);
  while (parts.length < 12) {
    const once = { once: true };
    await new Promise((resolve) => recorder.addEventListener("dataavailable", resolve, once));
  }
  recorder.stop();
  await stopped;
  for (const track of stream.getTracks()) track.stop();
  const token = `kd_${"v".repeat(31)}${crypto.randomUUID().slice(0, 12)}`.replaceAll("-", "_");
  const headers = { "X-Kefu-Widget": "wk_demo", Authorization: `Bearer ${token}` };
  const query = new URLSearchParams({ name: "voice", duration_ms: 1200 });
  for (const peak of [0, 40, 100]) query.append("peaks", peak);
  const voice = { method: "POST", headers, body: new Blob(parts) };
  const sent = await fetch(`/api/v1/files?${query}`, voice);
  const file = await sent.json();
  const body = JSON.stringify({ client_id: token, files: [file.id] });
  const json = { ...headers, "Content-Type": "application/json" };
  const begun = await fetch("/api/v1/conversations", { method: "POST", headers: json, body });
  return (await begun.json()).message.files[0];
}"""
PLAY = """async (url) => {
  const part = await fetch(url, { headers: { Range: "bytes=0-1" } });
  const audio = new Audio(url);
  audio.muted = true;
  await audio.play();
  await new Promise((resolve) => { audio.onended = resolve; });
  return [part.status, part.headers.get("content-disposition").split(";")[0], audio.currentTime];
}"""


@pytest.mark.parametrize(
    ("asked", "type"),
    [
        ("audio/webm;codecs=opus", "audio/webm"),
        ("audio/webm", "audio/webm"),
        ("audio/mp4", "audio/mp4"),
    ],
)
def test_a_recording_is_sound_with_its_length_and_waveform_and_is_played(
    open_page: OpenPage, asked: str, type: str
):
    page = open_page("/", permissions=["microphone"])
    if not page.evaluate("(type) => MediaRecorder.isTypeSupported(type)", asked):
        pytest.skip(f"this browser records no {asked}")
    file = page.evaluate(RECORD, asked)
    assert (file["type"], file["duration_ms"], file["peaks"]) == (type, 1200, [0, 40, 100])
    status, shown, played_s = page.evaluate(PLAY, file["url"])
    assert (status, shown) == (206, "inline")
    assert played_s > 0.5
