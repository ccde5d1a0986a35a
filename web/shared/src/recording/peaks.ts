/** How loud a sound is from moment to moment, and how long it is. */

const MOST = 64;
const RATE = 16_000; // enough to see how loud it is

/** Decodes a whole file. Rejects if the browser cannot. */
export async function peaksOf(bytes: ArrayBuffer): Promise<{ peaks: number[]; seconds: number }> {
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  return { peaks: loudest(sound.getChannelData(0), MOST), seconds: sound.duration };
}

/** At most so many numbers from 0 to 100, beside the loudest of all. */
export function loudest(samples: ArrayLike<number>, most: number): number[] {
  const { length } = samples;
  const count = Math.min(most, length);
  const bars = Array.from({ length: count }, (_, bar) => {
    let loudest = 0;
    const end = Math.floor(((bar + 1) * length) / count);
    for (let at = Math.floor((bar * length) / count); at < end; at += 1) {
      loudest = Math.max(loudest, Math.abs(samples[at] ?? 0));
    }
    return loudest;
  });
  const top = Math.max(...bars, 0) || 1;
  return bars.map((bar) => Math.round((bar / top) * 100));
}
