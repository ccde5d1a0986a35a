/** Icons that a conversation needs now and then, beside those of talk/icons. */
export const BIN = "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11";
export const COPY =
  "M8.5 7H15a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5H8.5A1.5 1.5 0 0 1 7 15V8.5A1.5 1.5 0 0 1 8.5 7zM13 7V5.5a2 2 0 0 0-2-2H5.5a2 2 0 0 0-2 2V11a2 2 0 0 0 2 2H7";
export const PAGE = "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5v4h3.5M8 11h4.5M8 14h4.5";
export const PEN = "M4 16l.8-3.5L13.5 3.8l2.7 2.7-8.7 8.7zM12 5.3l2.7 2.7";
export const REPLY = "M8 5L3.5 9.5 8 14M3.5 9.5H11c3.5 0 5.5 2 5.5 6";
export const THUMB =
  "M6.5 9l3-6c1.3 0 2.2 1 1.9 2.3L10.8 8h4.5c1 0 1.7.9 1.5 1.9l-1 5c-.2.9-.9 1.6-1.8 1.6H6.5zM6.5 9h-3v7.5h3";
export const RETRY = "M16 10a6 6 0 1 1-1.8-4.3L16 7.5M16 3.5v4h-4";
