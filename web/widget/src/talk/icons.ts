/** Icons that every conversation has, in the box that parts/icon has. */
export const ALERT = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6.5v4M10 13.5h.01";
export const CHECK = "M4 10.5l4 4 8-9";
export const CHECKS = "M1.5 10.5l4 4 7-9M9 13.5l1 1 8-9";
export const DOWN = "M10 3.5v9M6 9l4 4 4-4M4 16.5h12";
export const EYE =
  "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z";
export const IMAGE =
  "M4.5 3.5h11a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM7 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z" +
  "M3 14.5l4-3.5 3 2.5 3.5-3.5 4 4";
