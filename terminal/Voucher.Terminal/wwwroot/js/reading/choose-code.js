// Several codes may be in view at once: the voucher goes before a payment code on the wall behind it. Pure.

import { looksLikeVoucher } from './voucher-text.js';

/**
 * What to do with the texts that are new in this frame: { code } to act on, { several } vouchers that came together and of
 * which none is meant more than the other, or null.
 */
export function chooseCode(fresh, inView) {
  const vouchers = fresh.filter(looksLikeVoucher);
  if (vouchers.length > 1) return { several: vouchers };
  if (vouchers.length === 1) return { code: vouchers[0] };
  // A foreign code is worth saying only while no voucher is in view with it.
  return fresh.length === 0 || inView.some(looksLikeVoucher) ? null : { code: fresh[0] };
}
