/**
 * Which browser on which system a session is of, by what it called itself. Pure.
 *
 * Rules: of many names that one calls itself the most particular counts: Edge says Chrome too, and Chrome
 * says Safari. What is not known is not guessed.
 */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bMicroMessenger\//, "微信"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(HeadlessChrome|Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

export interface Browser {
  /** Empty: it is not known. */
  readonly name: string;
  readonly system: string;
  readonly isPhone: boolean;
}

export function browserOf(userAgent: string): Browser {
  const first = (all: readonly (readonly [RegExp, string])[]) =>
    all.find(([sign]) => sign.test(userAgent))?.[1] ?? "";
  const system = first(SYSTEMS);
  return { name: first(BROWSERS), system, isPhone: /^(iPhone|iPad|Android)$/.test(system) };
}
