import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NotSent, sendFile, type Watch } from "./send";

type End = "cut" | readonly [status: number, answer: unknown];

/** The browser's request, of which each ends as the test says. */
class Request {
  static ends: End[] = [];
  static sent: { path: string; headers: Record<string, string> }[] = [];
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload = () => undefined;
  onerror = () => undefined;
  onloadend = () => undefined;
  status = 0;
  responseText = "";
  isAborted = false;
  private readonly headers: Record<string, string> = {};
  private path = "";

  open(_method: string, path: string): void {
    this.path = path;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(): void {
    Request.sent.push({ path: this.path, headers: this.headers });
    this.upload.onprogress?.({ loaded: 3 });
    const end = Request.ends.shift();
    if (end === "cut") {
      this.onerror();
    } else if (end) {
      this.status = end[0];
      this.responseText = typeof end[1] === "string" ? end[1] : JSON.stringify(end[1]);
      this.onload();
    } else {
      return; // it is under way
    }
    this.onloadend();
  }

  abort(): void {
    this.isAborted = true;
    this.onloadend();
  }
}

const parcel = {
  path: "/api/v1/files?name=a",
  headers: { "X-Kefu-Widget": "wk_1" },
  blob: {} as Blob,
};
const info = { id: 7, name: "a", type: "image/png", size: 3 };
const refusal = (code: string) => ({ error: { code, message: "", retry_ms: null } });

let told: number[];
let abort: AbortController;
let mended: () => Promise<void>;
const watch = (): Watch => ({
  signal: abort.signal,
  progress: (sent) => told.push(sent),
  mended: () => mended(),
});

beforeEach(() => {
  vi.stubGlobal("XMLHttpRequest", Request);
  Request.ends = [];
  Request.sent = [];
  told = [];
  abort = new AbortController();
  mended = () => Promise.resolve();
});

afterEach(() => vi.unstubAllGlobals());

it("a file is sent as it is, and its progress told", async () => {
  Request.ends = [[201, info]];
  await expect(sendFile(parcel, watch())).resolves.toEqual(info);
  expect(Request.sent).toEqual([{ path: parcel.path, headers: parcel.headers }]);
  expect(told).toEqual([3]);
});

it("what was cut half-way is sent once more, once it may work, and counts anew", async () => {
  Request.ends = ["cut", [201, info]];
  const order: string[] = [];
  mended = async () => void order.push(`mended after ${Request.sent.length}`);
  await expect(sendFile(parcel, watch())).resolves.toEqual(info);
  expect(order).toEqual(["mended after 1"]);
  expect(told).toEqual([3, 0, 3]);
});

it("what was cut twice is not sent a third time", async () => {
  Request.ends = ["cut", "cut"];
  await expect(sendFile(parcel, watch())).rejects.toMatchObject({ code: "cut" });
  expect(Request.sent).toHaveLength(2);
});

it.each(["too_large", "too_many", "unavailable", "not_allowed"])(
  "what was refused as %s is not sent again",
  async (code) => {
    Request.ends = [[400, refusal(code)]];
    await expect(sendFile(parcel, watch())).rejects.toEqual(new NotSent(code as "too_large"));
    expect(Request.sent).toHaveLength(1);
  },
);

it("a proxy's 413 is too large, though it is none of Kefu's; another answer of its is none", async () => {
  Request.ends = [[413, "<html>"]];
  await expect(sendFile(parcel, watch())).rejects.toMatchObject({ code: "too_large" });
  Request.ends = [
    [502, "<html>"],
    [201, info],
  ];
  await expect(sendFile(parcel, watch())).resolves.toEqual(info);
});

it("one that is taken back is neither told nor sent again", async () => {
  const sending = sendFile(parcel, watch());
  abort.abort();
  await expect(sending).rejects.toMatchObject({ name: "AbortError" });
  Request.ends = ["cut"];
  abort = new AbortController();
  mended = async () => abort.abort();
  await expect(sendFile(parcel, watch())).rejects.toMatchObject({ name: "AbortError" });
  expect(Request.sent).toHaveLength(2);
});
