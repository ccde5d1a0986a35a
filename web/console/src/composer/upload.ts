/** Sends one file: loaded with the first. */
import type { Client } from "client/core";
import type { FileInfo } from "protocol";
import { prepare } from "shared/upload/prepare";
import { NotSent, sendFile } from "shared/upload/send";
import { sizeOf } from "../conversation/files";
import type { Attachment, Fault } from "../store/attachments";

/** The server's own default, until it has said another. */
const MOST_BYTES = 20_000_000;

const FAULTS = {
  too_large: "composer:file.large",
  too_many: "composer:file.many",
  unavailable: "composer:file.none",
  not_allowed: "composer:file.barred",
  bad_input: "composer:file.bad",
} as const;
const PASSING: ReadonlySet<string> = new Set(["cut", "too_many", "unauthenticated", "unavailable"]);

interface Watch {
  readonly signal: AbortSignal;
  set(patch: Partial<Attachment>): void;
}

/** Rejects with NotSent, or with the signal's reason. */
export async function upload(
  { file, sounding }: Pick<Attachment, "file" | "sounding">,
  conversation: number,
  client: Client,
  { signal, set }: Watch,
): Promise<FileInfo> {
  const { blob, name, size } = await prepare(file);
  const picture = size && URL.createObjectURL(blob);
  signal.throwIfAborted();
  set({ name, bytes: blob.size, picture });
  if (blob.size > mostOf(client)) {
    throw new NotSent("too_large");
  }
  if (!blob.size) {
    throw new NotSent("bad_input");
  }
  const query = new URLSearchParams({ name, conversation: String(conversation) });
  if (sounding) {
    query.set("duration_ms", String(sounding.duration_ms));
    for (const peak of sounding.peaks) {
      query.append("peaks", String(peak));
    }
  }
  const headers = { "Content-Type": "application/octet-stream" };
  const info = await sendFile(
    { path: `/api/v1/files?${query}`, headers, blob },
    {
      signal,
      progress: (sent) => set({ sent: Math.min(sent, blob.size) }),
      mended: () => until(client, ({ status }) => status !== "connecting"),
    },
  );
  return { ...size, ...info, ...(picture && { preview: picture }) };
}

/** Why it was not taken; what is none of the server's refusals is a break of the connection. */
export function faultOf(error: unknown, client: Pick<Client, "limits">): Fault {
  const code = error instanceof NotSent ? error.code : "cut";
  const key = code in FAULTS ? FAULTS[code as keyof typeof FAULTS] : "composer:file.cut";
  const most = sizeOf(mostOf(client), document.documentElement.lang);
  return { key, values: { most }, isPassing: PASSING.has(code) };
}

function mostOf({ limits }: Pick<Client, "limits">): number {
  return limits?.file_bytes ?? MOST_BYTES;
}

async function until(client: Client, isTrue: (client: Client) => boolean): Promise<void> {
  while (!isTrue(client)) {
    await new Promise<void>((resolve) => {
      const stop = client.on("change", () => {
        stop();
        resolve();
      });
    });
  }
}
