import { normalizeText } from './tokenize.ts';

/**
 * Words of grammar of languages written without spaces (or, in Korean, joined to other words), question words
 * above all: pages that answer hardly hold them, so they would weigh like the rarest words. Separated by spaces.
 */
const lists: Readonly<Record<string, string>> = {
  zh: `的 地 得 之 了 着 過 过 是 在 有 和 與 与 及 或 也 就 都 而 且 被 把 讓 让 給 给 對 对 從 从 向 到 為 为 以 于 於 其 這 这 那
    哪 些 個 个 位 么 麼 什 誰 谁 何 怎 樣 样 多 少 幾 几 嗎 吗 呢 吧 啊 請 请 問 问 我 你 您 他 她 它 們 们 不 没 沒 會 会 能
    可 要 該 该 很 最 更 還 还 再 又 只 如 果 若 則 则 所 者 此 並 并 但 因 由 将 將 甚 至 什么 什麼 哪里 哪裡 哪儿 为什么
    為什麼 怎么 怎麼 如何 多少 是否 可以 能够 能夠 应该 應該 需要 告诉 告訴 之间 之間 时候 時候 这里 那里`,
  ja: `何 誰 いつ どこ なぜ どう どの どれ どんな いくつ いくら どちら ください 教えて 場合 こと もの ため`,
  ko: `무엇 무슨 어떤 어떻게 어디 어느 언제 누구 누가 얼마 얼마나 몇 왜 하나요 인가요 있나요 되나요 할까요 합니까 입니까
    습니까 습니다 합니다 입니다 됩니다 하는 하고 하면 에서 에게 으로 부터 까지 그리고 그러나 또는 알려 주세요 나요 까요`,
  th: `อะไร ใด ไหน ใคร เมื่อไหร่ เมื่อไร เมื่อใด เท่าไร เท่าไหร่ กี่ ทำไม อย่างไร ยังไง หรือไม่ หรือเปล่า ไหม ที่ไหน ที่ ซึ่ง อัน
    ของ และ หรือ แต่ ใน บน จาก กับ โดย เพื่อ สำหรับ ให้ ได้ เป็น คือ อยู่ มี จะ ไม่ ไป มา แล้ว ก็ ว่า นี้ นั้น ถ้า เมื่อ ต้อง ถูก
    ฉัน ผม ดิฉัน คุณ เรา เขา พวกเขา ครับ ค่ะ คะ นะ การ ความ ซึ่งกันและกัน ด้วย แห่ง ต่อ ตาม ระหว่าง บาง ทุก`,
  lo: `ແມ່ນ ແລະ ຫຼື ຂອງ ໃນ ທີ່ ໄດ້ ມີ ບໍ່ ຫຍັງ ໃຜ ໃສ ເມື່ອໃດ ແນວໃດ ເປັນຫຍັງ ຈັກ ເທົ່າໃດ`,
  km: `គឺ និង ឬ របស់ ក្នុង ដែល បាន មាន មិន អ្វី នរណា ណា ពេលណា ហេតុអ្វី យ៉ាងណា ប៉ុន្មាន`,
  my: `သည် ကို မှ တွင် နှင့် ဘာ ဘယ် ဘယ်သူ ဘယ်မှာ ဘယ်လို ဘာကြောင့် ဘယ်လောက်`,
};

/** In Japanese a stretch of hiragana is endings and particles, seldom a word of content. */
const alsoByPattern: Readonly<Record<string, string>> = { ja: String.raw`\p{Script=Hiragana}` };

function patternOf(language: string): RegExp | null {
  const words = lists[language];
  if (words === undefined) return null;
  const longestFirst = words
    .split(/\s+/u)
    .filter(Boolean)
    .map(normalizeText)
    .sort((first, second) => second.length - first.length);
  return new RegExp(
    [...longestFirst, ...(alsoByPattern[language] ?? '').split(' ').filter(Boolean)].join('|'),
    'gu',
  );
}

const patterns: ReadonlyMap<string, RegExp | null> = new Map(
  Object.keys(lists).map((language) => [language, patternOf(language)]),
);

/**
 * Which UTF-16 units of a normalised text belong to words of grammar, 1 each; null for a language whose words
 * are told apart by spaces.
 */
export function grammarUnits(normalized: string, language: string | null): Uint8Array | null {
  const pattern = language === null ? null : (patterns.get(language) ?? null);
  if (pattern === null) return null;
  const units = new Uint8Array(normalized.length);
  for (const match of normalized.matchAll(pattern)) {
    units.fill(1, match.index, match.index + match[0].length);
  }
  return units;
}
