/**
 * One file on its way to the server: how far it is, and what came of it.
 *
 * Rules: what was cut is sent once more by itself; what was refused is not.
 */
import type { ErrorCode, FileInfo } from "protocol";

/** `cut`: there was no answer. */
export class NotSent extends Error {
  readonly code: ErrorCode | "cut";

  constructor(code: ErrorCode | "cut") {
    super(code);
    this.code = code;
  }
}

export interface Parcel {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly blob: Blob;
}

export interface Watch {
  readonly signal: AbortSignal;
  progress(sent: number): void;
  /** Resolves when it may work again. */
  mended(): Promise<void>;
}

/** Rejects with NotSent, or with the signal's reason. */
export async function sendFile(parcel: Parcel, watch: Watch): Promise<FileInfo> {
  try {
    return await attempt(parcel, watch);
  } catch (error) {
    if (!(error instanceof NotSent) || error.code !== "cut") {
      throw error;
    }
    watch.progress(0);
    await watch.mended();
    watch.signal.throwIfAborted();
    return attempt(parcel, watch);
  }
}

function attempt({ path, headers, blob }: Parcel, watch: Watch): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => {
      request.abort();
      reject(watch.signal.reason);
    };
    watch.signal.addEventListener("abort", cancel);
    request.upload.onprogress = ({ loaded }) => watch.progress(loaded);
    request.onerror = () => reject(new NotSent("cut"));
    request.onload = () => {
      const said = parse(request.responseText);
      if (request.status === 201) {
        resolve(said as unknown as FileInfo);
      } else {
        reject(new NotSent(said?.error?.code ?? (request.status === 413 ? "too_large" : "cut")));
      }
    };
    request.onloadend = () => watch.signal.removeEventListener("abort", cancel);
    request.open("POST", path);
    for (const [name, value] of Object.entries(headers)) {
      request.setRequestHeader(name, value);
    }
    request.send(blob);
  });
}

function parse(text: string): { readonly error?: { readonly code?: ErrorCode } } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
