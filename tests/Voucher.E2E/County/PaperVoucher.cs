using Voucher.E2E.Register;

namespace Voucher.E2E.County;

/// <summary>A voucher that has been handed to its holder.</summary>
/// <param name="Number">Sixteen digits, no blanks.</param>
/// <param name="Digits">What stands in its QR.</param>
/// <param name="ShortCode">As printed, in groups.</param>
public sealed record PaperVoucher(string Number, string Digits, string ShortCode, Villager Holder);
