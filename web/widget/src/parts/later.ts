/** Icons of what comes after the first screen. */
export const BACK = "M12.5 4L6.5 10l6 6";
export const MORE = "M4.5 10h.01M10 10h.01M15.5 10h.01";
export const CLOCK = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2";
