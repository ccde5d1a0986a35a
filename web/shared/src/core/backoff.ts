/** How long to wait before the next attempt to connect. Pure: chance is an argument. */

export const FIRST_DELAY_MS = 500;
export const LONGEST_DELAY_MS = 15_000;

/**
 * The delay before attempt `attempt` (0 = the first after a loss), in milliseconds. It doubles up
 * to the longest; half of it is left to `chance` (0 … 1), so that the pages of a restarted server
 * do not all come back in the same moment.
 */
export function retryDelayMs(attempt: number, chance: number): number {
  const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (1 - chance / 2));
}
