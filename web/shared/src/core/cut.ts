/** `text` of at most `most` UTF-16 units, never ending inside a character: half a pair is no text. */
export function cut(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  const inPair = text.length > most && last >= 0xd800 && last < 0xdc00;
  return text.slice(0, inPair ? most - 1 : most);
}
