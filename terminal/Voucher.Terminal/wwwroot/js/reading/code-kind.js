// What a code that is no voucher is, by its text alone. Nothing of the text is shown or kept: it may be somebody's own. Pure.

const kinds = [
  // Before payment codes, some of which have as many digits: with a birthday in it.
  ['identity', /^\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/i],
  ['payment', /^(?:wxp:\/\/|weixin:\/\/wxpay|https?:\/\/(?:qr\.alipay\.com|ds\.alipay\.com|payapp\.weixin\.qq\.com|wx\.tenpay\.com|qr\.95516\.com|qr\.chinaums\.com|[\w.]*unionpay\.com)\b|alipays?:|upi:|(?:25|26|27|28|29|30)\d{14,22}$|1[0-5]\d{16}$|62\d{17}$)/i],
  ['wifi', /^WIFI:/i],
  ['contact', /^(?:BEGIN:VCARD|MECARD:|tel:|mailto:|sms(?:to)?:|https?:\/\/u\.wechat\.com\/|weixin:\/\/contacts)/i],
  ['health', /(?:健康码|行程|核酸|疫苗|jkm|health-?code|xcx?\.caict\.ac\.cn|^HC1:)/i],
  ['goods', /^(?:\d{8}|\d{12,14})$/],
  ['address', /^(?:https?:\/\/|www\.)/i],
  ['digits', /^\d+$/],
];

/** payment, identity, wifi, contact, health, goods, address, digits or other; null for what may be a voucher. */
export function kindOfCode(text) {
  if (/^\d{202}$/.test(text)) return null;
  return kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}
