/** Counts in the page's title what arrives while nobody looks at the page. */

let missed = 0;
let plainTitle = "";

export function countInTitle(): void {
  if (document.hidden) {
    plainTitle = missed ? plainTitle : document.title;
    missed += 1;
    document.title = `(${missed}) ${plainTitle}`;
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && missed) {
    missed = 0;
    document.title = plainTitle;
  }
});
