/** Whether this system's chords go by the command key. */
export const isMac = /^Mac|^iP/.test(navigator.platform);
