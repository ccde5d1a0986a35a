/// Makes the emoji picker's names of emojibase-data, for the languages that the widget and the console have:
///   npm pack emojibase-data@17.0.0 && tar xf emojibase-data-17.0.0.tgz && node tools/emoji.mjs package
/// What is picked from is `GROUPS` alone: what people send most, as each system draws it, without skins.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const GROUPS = {
  faces:
    "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😋😛😜🤪😝🤗🤭🤫🤔🤐🤨😐😑😶😏😒🙄😬😌😔😪😴😷🤒🤕🤢🤮🤧🥵🥶🥴😵🤯🤠🥳😎🤓🧐😕😟🙁😮😯😲😳🥺😦😧😨😰😥😢😭😱😖😣😞😓😩😫🥱😤😡😠🤬😈💀💩🤡👻👽🤖😺😸😹😻😼🙀😿",
  people:
    "👋🤚✋🖐🖖👌🤌🤏✌🤞🤟🤘🤙👈👉👆👇☝👍👎✊👊🤛🤜👏🙌👐🤲🤝🙏✍💅🤳💪👀👁👅👄👶👧🧒👦👩🧑👨👵🧓👴🙋🙇🤦🤷💁🙆🙅💃🕺🏃🚶👫👪",
  hearts: "❤🧡💛💚💙💜🖤🤍🤎💔❣💕💞💓💗💖💘💝💟💌💋💯💢💥💫💦💨💬💭💤",
  nature:
    "🐶🐱🐭🐹🐰🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🙈🙉🙊🐔🐧🐦🦆🦉🐝🦋🐢🐍🐙🐟🐬🐳🐘🐾🌵🎄🌲🌳🌴🌱🌿🍀🍁🍂🌹🌺🌻🌼🌷🌸💐🌍🌙⭐🌟✨⚡🔥🌈☀⛅☁🌧❄⛄🌊",
  food: "🍏🍎🍐🍊🍋🍌🍉🍇🍓🍒🍑🥭🍍🥝🍅🥑🥕🌽🥔🍞🥐🧀🍳🥞🥓🍔🍟🍕🌭🥪🌮🥗🍜🍲🍣🍱🥟🍚🍦🍩🍪🎂🍰🍫🍬🍭🍯🥛☕🍵🧋🍺🍻🥂🍷🥤",
  things:
    "⚽🏀🏈🎾🏐🏓🏸🎯🎮🎲🎸🎹🎤🎧🎨🎬🏆🥇🎉🎊🎈🎁🎀🚗🚕🚌🚲🚀✈🚢🚆🏠🏢🏥🏫🏖🗺⌚📱💻🖨📷📹📞📺⏰⏳🔋💡🔦💰💳💎🔧🔨🔑🔒🔓🛒📦📫✉📧📎📌✂📝📅📈📉📚📖🔍👓👕👖👗👟👜🧳☂🛏🚿🧴💊🧸",
  signs: "✅☑✔❌❎❓❗‼⁉⚠🚫⛔🔞♻🆗🆕🆒🔝➕➖✖➡⬅⬆⬇🔄🔔🔕🔊🔇▶⏸⏹🔴🟠🟡🟢🔵🟣⚫⚪🕐🏁🚩🏳🎵🎶",
};
const LANGUAGES = { en: "en", "zh-CN": "zh" };

const [, , from] = process.argv;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bare = (emoji) => emoji.replaceAll("\ufe0f", "");

for (const [language, folder] of Object.entries(LANGUAGES)) {
  const all = JSON.parse(await readFile(`${from}/${folder}/compact.json`, "utf8"));
  const known = new Map(all.map((one) => [bare(one.unicode), one]));
  const groups = Object.entries(GROUPS).map(([group, emoji]) => {
    const picked = [...new Intl.Segmenter("en").segment(emoji)].map(({ segment }) => {
      const one = known.get(bare(segment));
      if (!one) {
        throw new Error(`no such emoji: ${segment}`);
      }
      // A word within another is one of its own: "tea" beside "teacup".
      const named = new Set(one.label.toLowerCase().split(" "));
      const words = (one.tags ?? []).filter((tag) => !named.has(tag));
      return [one.unicode, one.label, ...words].join("|");
    });
    return [group, picked];
  });
  const text = `${JSON.stringify(Object.fromEntries(groups), null, 1)}\n`;
  await writeFile(here(`../shared/src/emoji/names/${language}.json`), text);
}
