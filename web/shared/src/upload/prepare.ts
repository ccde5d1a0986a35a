/**
 * A file before it goes: a picture's measures, and one of a kind that few can open made into JPEG where
 * this browser can draw it.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Ready {
  readonly blob: Blob;
  readonly name: string;
  /** Of a picture that this browser can draw. */
  readonly size: Size | null;
}

const HEIC = /\.(heic|heif|hif)$/i;
const PICTURE = /^image\//;
const QUALITY = 0.9;

export async function prepare(file: File): Promise<Ready> {
  const isHeic = HEIC.test(file.name) || /^image\/hei[cf]/.test(file.type);
  if (!isHeic && !PICTURE.test(file.type)) {
    return { blob: file, name: file.name, size: null };
  }
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    const blob = isHeic ? await asJpeg(bitmap) : file;
    bitmap.close();
    const name = isHeic ? file.name.replace(HEIC, ".jpg") : file.name;
    return { blob, name, size: { width, height } };
  } catch {
    return { blob: file, name: file.name, size: null };
  }
}

async function asJpeg(bitmap: ImageBitmap): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("not drawn")));
    canvas.toBlob(take, "image/jpeg", QUALITY);
  });
}
