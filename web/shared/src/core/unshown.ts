/** Why a picture is not shown beside its name. Pure. */

/** What is known of a file; `preview`: where its small copy is, if it has one. */
export interface File {
  readonly name: string;
  readonly type: string;
  readonly preview?: string;
}

const PICTURE = /\.(jpe?g|jfif|png|apng|gif|webp|avif|heic|heif|hif|bmp|tiff?)$/i;
const UNKNOWN = "application/octet-stream";

/**
 * `kind`: pictures of this kind are only for saving (HEIC, TIFF). `unreadable`: the server could not
 * take it for a picture: it has too many pixels, or is damaged. null: it is shown, or is no picture.
 */
export function whyUnshown({ name, type, preview }: File): "kind" | "unreadable" | null {
  if (preview) {
    return null;
  }
  if (type.startsWith("image/")) {
    return "kind";
  }
  return type === UNKNOWN && PICTURE.test(name) ? "unreadable" : null;
}
