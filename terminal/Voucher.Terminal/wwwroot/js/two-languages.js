// For the pages beside the kiosk: every text stands in the page or comes from the program in both languages, and one is shown.

const kept = 'voucher.language';
let language = localStorage.getItem(kept);

export const isEnglish = () => language === 'en';

/** The present language's half of { zh, en } or [zh, en]. */
export const pick = words => (Array.isArray(words) ? words[isEnglish() ? 1 : 0] : words[isEnglish() ? 'en' : 'zh']);

/** The program's setting counts until somebody has chosen at this screen. */
export function beginIn(setting) {
  if (language === null && setting === 'en') language = 'en';
  fill();
}

export function switchLanguage() {
  language = isEnglish() ? 'zh' : 'en';
  localStorage.setItem(kept, language);
  fill();
}

/** Elements carry data-zh and data-en; fields carry their labels in the same way. */
export function fill() {
  document.documentElement.lang = isEnglish() ? 'en' : 'zh-CN';
  for (const element of document.querySelectorAll('[data-zh]')) element.textContent = isEnglish() ? element.dataset.en : element.dataset.zh;
  const button = document.getElementById('language');
  button.textContent = isEnglish() ? '中文' : 'English';
  button.lang = isEnglish() ? 'zh-CN' : 'en';
}
