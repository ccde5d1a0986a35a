/**
 * Every word of the shop, in Chinese and English.
 *
 * Rules: the two languages have the same keys and the same `{blanks}`; both are checked. Pure.
 */
import type { Texts } from "shared/i18n/languages";

const zh = {
  "shop.name": "素壶 Plain Kettle",
  "shop.title": "素壶 Plain Kettle · 演示商店",
  "shop.page": "{page} · 素壶 Plain Kettle",
  "shop.shelves": "商品分类",
  "shop.end": "随 Kefu 附带的演示商店。这里什么也不卖，聊天是真的。",
  "shop.kefu": "这个演示的其他页面",
  "page.language": "语言",

  tea: "茶",
  pots: "壶",
  cups: "杯碗",
  care: "养护",
  "tea.about": "三种不挑水温的茶，和一只装茶的罐子。",
  "pots.about": "出水利落，收水干净，壶嘴不滴。",
  "cups.about": "一个人喝的，两个人喝的，和托着它们的。",
  "care.about": "器物用得久，多半是因为平时用得对。",

  "home.title": "出水利落的壶，不怕泡坏的茶。",
  "home.lead": "三家作坊，小批量制作；茶叶随手一泡就好，不用温度计。",
  "home.go": "看看新品",
  "home.shelf": "木架上的青瓷茶壶和两只杯子",
  "home.new": "本月新品",
  "promise.title": "购物须知",
  "promise.return": "三十天退换",
  "promise.return.about": "可以退，坏了也可以说一声。壶盖免费补。",
  "promise.straw": "稻草包装",
  "promise.straw.about": "不用塑料。拆下的盒子正好装第一次的茶渣。",
  "promise.people": "有人回答",
  "promise.people.about": "买之前、买之后都可以问。右下角的按钮会告诉您谁在。",

  "product.add": "放进购物篮",
  "product.added": "购物篮里有 {count} 件。",
  "product.basket": "去购物篮",
  "product.ask": "问问我们",
  "product.beside": "放在一起也好看",

  basket: "购物篮",
  "basket.some": "购物篮 {count}",
  "basket.empty": "购物篮里还没有东西。",
  "basket.home": "看看新品",
  "basket.count": "「{product}」的数量",
  "basket.remove": "拿出来",
  "basket.remove.label": "拿出「{product}」",
  "basket.total": "合计",
  "basket.end": "演示到这里为止：这里什么也不卖，也没有收银台。购物篮只保存在这个浏览器里。",

  glazed: "上釉的和玻璃的",
  "glazed.about": "温水、软布，不要用钢丝球。可以进洗碗机，不要骤冷骤热。",
  unglazed: "不上釉的",
  "unglazed.about":
    "只用清水，不用洗洁精：陶土会记住味道。一只壶最好只泡一类茶，用后敞开盖子晾干。",
  steel: "不锈钢",
  "steel.about": "电磁炉、燃气灶都可以用。有了水垢，烧一壶加一勺白醋的水，再用清水烧一遍。",
  wood: "木和竹",
  "wood.about": "用过就擦干，不要泡在水里。木盘一年上一次油，茶筅洗净后立着晾。",
  leaf: "茶叶",
  "leaf.about": "避光、密封、离香料远一点，放在凉的地方，不必放冰箱。",

  "round-teapot": "圆茶壶",
  "round-teapot.what": "青瓷，400\u00a0毫升",
  "round-teapot.about":
    "壶嘴在壶身烧成前手工削薄，所以一提就断水。壶盖压得稳，倒到最后一杯也不用手扶。",
  "thumb-cups": "拇指杯，两只",
  "thumb-cups.what": "红陶和燕麦白",
  "thumb-cups.about": "杯身上有一处浅浅的凹，正好放拇指。一只红陶，一只燕麦白釉，叠起来不会卡住。",
  "roasted-hojicha": "焙茶",
  "roasted-hojicha.what": "散茶，80\u00a0克",
  "roasted-hojicha.about":
    "焙过的茶梗和茶叶，有坚果香，咖啡因很少，晚上也可以喝。开水直接冲，一分钟就好。",
  "lidded-bowl": "盖碗",
  "lidded-bowl.what": "白瓷，120\u00a0毫升",
  "lidded-bowl.about": "碗沿外翻，捏着不烫手。一个人慢慢喝刚好，也是试新茶最公平的器具。",
  "side-handle-pot": "侧把壶",
  "side-handle-pot.what": "不上釉，280\u00a0毫升",
  "side-handle-pot.about": "手腕一转就能倒，拇指顺势压住壶盖。壶嘴里的滤孔是一个一个扎出来的。",
  "bowl-and-whisk": "茶碗和茶筅",
  "bowl-and-whisk.what": "点抹茶用",
  "bowl-and-whisk.about":
    "碗底够宽，茶筅转得开；碗壁够高，不会溅出来。茶筅一百本立，用一根竹子劈成。",
  "tea-tray": "白蜡木茶盘",
  "tea-tray.what": "上油，40\u00a0厘米",
  "tea-tray.about": "整块白蜡木挖成，三道浅槽接住洒出来的水。两边有指槽，装满也端得住。",
  "leaf-jar": "茶叶罐",
  "leaf-jar.what": "橡木盖，250\u00a0克",
  "leaf-jar.about": "橡木盖是按每一只罐口车出来的，盖上时能听见气慢慢跑出去的声音。",
  "plain-kettle": "素壶",
  "plain-kettle.what": "不锈钢，900\u00a0毫升",
  "plain-kettle.about":
    "店名就是它。没有屏幕，没有温度按钮，只有一根听话的细嘴和一只不烫手的胡桃木提梁。",
  "dragon-well": "龙井",
  "dragon-well.what": "绿茶，60\u00a0克",
  "dragon-well.about": "谷雨前采，铁锅手炒，有炒豆子的香气。水开后放两分钟再泡，泡久了也不苦。",
  "sharing-jug": "公道杯",
  "sharing-jug.what": "耐热玻璃，350\u00a0毫升",
  "sharing-jug.about": "茶先倒进这里，每个人杯里的浓淡就一样了。壶嘴收得窄，倒得慢，也倒得准。",
  "white-tea-cake": "白茶饼",
  "white-tea-cake.what": "紧压，100\u00a0克",
  "white-tea-cake.about": "日晒，不炒，压成饼再放三年，有蜂蜜和干草的味道。掰一小块，煮着喝也好。",
};

export type TextKey = keyof typeof zh;

const en: Record<TextKey, string> = {
  "shop.name": "Plain Kettle",
  "shop.title": "Plain Kettle · a demo shop",
  "shop.page": "{page} · Plain Kettle",
  "shop.shelves": "Shop",
  "shop.end": "A demo shop that comes with Kefu. Nothing here is for sale; the chat is real.",
  "shop.kefu": "The other pages of this demo",
  "page.language": "Language",

  tea: "Tea",
  pots: "Pots",
  cups: "Cups",
  care: "Care",
  "tea.about": "Three teas that do not mind the water, and a jar to keep them in.",
  "pots.about": "They pour when you tilt them, stop when you stop, and do not drip.",
  "cups.about": "For one, for two, and something to carry them on.",
  "care.about": "Most of what lasts has simply been used the right way.",

  "home.title": "Pots that pour cleanly. Tea that forgives you.",
  "home.lead": "Small batches from three workshops, and leaves you can brew without a thermometer.",
  "home.go": "See what is new",
  "home.shelf": "A celadon teapot and two cups on a wooden shelf",
  "home.new": "New this month",
  "promise.title": "Good to know",
  "promise.return": "Thirty days",
  "promise.return.about": "Send it back, or tell us what broke. Lids are replaced for nothing.",
  "promise.straw": "Packed in straw",
  "promise.straw.about": "No plastic. The box is the bin for your first tea leaves.",
  "promise.people": "People answer",
  "promise.people.about":
    "Ask before you buy, or after. The button in the corner says who is there.",

  "product.add": "Add to basket",
  "product.added": "{count} in your basket.",
  "product.basket": "See the basket",
  "product.ask": "Ask us about it",
  "product.beside": "Good beside it",

  basket: "Basket",
  "basket.some": "Basket, {count}",
  "basket.empty": "There is nothing in your basket yet.",
  "basket.home": "See what is new",
  "basket.count": "How many of {product}",
  "basket.remove": "Remove",
  "basket.remove.label": "Remove {product}",
  "basket.total": "Total",
  "basket.end":
    "The demo ends here: nothing is for sale, and there is no till. Your basket is kept in this browser alone.",

  glazed: "Glaze and glass",
  "glazed.about":
    "Warm water and a soft cloth, no steel wool. The dishwasher is fine; a shock of hot or cold is not.",
  unglazed: "Unglazed clay",
  "unglazed.about":
    "Clear water only: clay remembers soap. Keep one pot to one kind of tea, and let it dry with its lid off.",
  steel: "Steel",
  "steel.about":
    "For any stove. Against scale, boil it once with a spoon of vinegar and once with water alone.",
  wood: "Wood and bamboo",
  "wood.about":
    "Wipe it dry and never leave it in water. Oil a tray once a year; let a whisk dry standing up.",
  leaf: "Tea",
  "leaf.about": "Dark, closed, cool and away from spices. It needs no fridge.",

  "round-teapot": "Round teapot",
  "round-teapot.what": "Celadon, 400\u00a0ml",
  "round-teapot.about":
    "The spout is pared thin by hand before the firing, so it stops the moment you do. The lid sits deep: down to the last cup it needs no finger.",
  "thumb-cups": "Thumb cups, two",
  "thumb-cups.what": "Red clay and oat",
  "thumb-cups.about":
    "Each has a shallow dent where the thumb goes. One is red clay, one has an oat glaze, and stacked they never stick.",
  "roasted-hojicha": "Roasted hojicha",
  "roasted-hojicha.what": "Loose leaf, 80\u00a0g",
  "roasted-hojicha.about":
    "Roasted stems and leaves that taste of nuts, with so little caffeine that the evening is fine. Boiling water, one minute, done.",
  "lidded-bowl": "Lidded bowl",
  "lidded-bowl.what": "Porcelain, 120\u00a0ml",
  "lidded-bowl.about":
    "The rim turns outward, so it can be held while it is hot. Right for one person with time, and the fairest way to try a new tea.",
  "side-handle-pot": "Side-handle pot",
  "side-handle-pot.what": "Unglazed, 280\u00a0ml",
  "side-handle-pot.about":
    "A turn of the wrist pours it, and the thumb holds the lid. The holes of its strainer were pierced one by one.",
  "bowl-and-whisk": "Bowl and whisk",
  "bowl-and-whisk.what": "For matcha",
  "bowl-and-whisk.about":
    "Wide enough below for the whisk to move, high enough above that nothing splashes. The whisk is a hundred tines, cut from one piece of bamboo.",
  "tea-tray": "Ash tea tray",
  "tea-tray.what": "Oiled, 40\u00a0cm",
  "tea-tray.about":
    "Carved from one board of ash, with three grooves for what is spilt and a hold on either side for when it is full.",
  "leaf-jar": "Leaf jar",
  "leaf-jar.what": "Oak lid, 250\u00a0g",
  "leaf-jar.about":
    "Each lid is turned for its own jar. Close it and you hear the air go out, slowly.",
  "plain-kettle": "The plain kettle",
  "plain-kettle.what": "Steel, 900\u00a0ml",
  "plain-kettle.about":
    "What the shop is named for. No screen, no button for the temperature: a thin spout that does as it is told, and a walnut handle that stays cool.",
  "dragon-well": "Dragon Well",
  "dragon-well.what": "Green tea, 60\u00a0g",
  "dragon-well.about":
    "Picked before the rains of April and pan-fired by hand; it smells of toasted beans. Let the water stand two minutes first. Forget it, and it still is not bitter.",
  "sharing-jug": "Sharing jug",
  "sharing-jug.what": "Heatproof glass, 350\u00a0ml",
  "sharing-jug.about":
    "Tea goes in here first, so that every cup is as strong as the next. Its narrow lip pours slowly, and where you meant.",
  "white-tea-cake": "White tea cake",
  "white-tea-cake.what": "Pressed, 100\u00a0g",
  "white-tea-cake.about":
    "Dried in the sun, never fired, pressed and left for three years: honey and hay. Break off a corner; it may even be boiled.",
};

export const TEXTS: Texts<TextKey> = { "zh-CN": zh, en };
