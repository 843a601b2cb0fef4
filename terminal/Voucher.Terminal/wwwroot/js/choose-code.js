// Several codes may be in view at once: the voucher goes before a payment code on the wall behind it. Pure.

export const looksLikeVoucher = text => /^\d{202}$/.test(text);

/** Of the texts that are new in this frame, the one to act on; null when there is none. */
export function chooseCode(fresh, inView) {
  const voucher = fresh.find(looksLikeVoucher);
  if (voucher) return voucher;
  // A foreign code is worth saying only while no voucher is in view with it.
  return inView.some(looksLikeVoucher) ? null : fresh[0] ?? null;
}
