/** The parts of the console's words that these pages have. */
export const WORDS = ["account", "welcome"] as const;
