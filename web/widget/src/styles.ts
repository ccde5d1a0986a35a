/**
 * Loads a part of the program once its styles are here (vite.config.ts puts this around each import).
 *
 * Rules: a style that could not be loaded is none that is there, so the part is not either, and whoever
 * needs it tries again (lazy.ts).
 */

/** `needed`: by their addresses on this server; a script brings itself. */
export async function withStyles<T>(
  load: () => Promise<T>,
  needed: readonly string[] = [],
): Promise<T> {
  await Promise.all(needed.filter((path) => path.endsWith(".css")).map(style));
  return load();
}

function style(path: string): Promise<void> | void {
  const href = `/${path}`;
  if (document.querySelector(`link[href="${href}"]`)) {
    return;
  }
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(href));
    };
  });
}
