// What a voucher's text looks like, as TokenLayout.cs lays it out. Whether it is genuine only its signature says. Pure.
import { isWhole } from './mod97.js';

export const VOUCHER_DIGITS = 202;
const LAYOUT_VERSION = 1n;
const BITS_BELOW_VERSION = BigInt(8 * 83 - 4);

export const looksLikeVoucher = text => /^\d{202}$/.test(text);

/** Digits, check digits and the version of the layout agree: a text put together from doubtful modules must pass here. */
export const isVoucherText = text =>
  looksLikeVoucher(text) && isWhole(text) && BigInt(text.slice(0, -2)) >> BITS_BELOW_VERSION === LAYOUT_VERSION;
