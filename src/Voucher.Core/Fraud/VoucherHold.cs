using System.Globalization;

namespace Voucher.Core.Fraud;

/// <summary>A hold in force on a voucher: until the county releases it, nothing binding happens with the voucher.</summary>
/// <param name="Id">Counts the county's cases.</param>
/// <param name="DueAt">Until when the county means to decide.</param>
/// <param name="CallAt">The county's telephone for the desk; empty when none is recorded.</param>
public sealed record VoucherHold(long Id, HoldReason Reason, DateTimeOffset DueAt, string CallAt = "")
{
    /// <summary>As said on the telephone: <c>YD000123</c> (疑点).</summary>
    public string CaseNumber => NumberOf(Id);

    public static string NumberOf(long id) => string.Create(CultureInfo.InvariantCulture, $"YD{id:D6}");

    /// <summary>What fills the sentences of <see cref="Refusals.RefusalCode.VoucherHeld"/>.</summary>
    public object[] Details() =>
        [Reason.SayAtDesk(), CaseNumber, CallAt.Length == 0 ? new Words("县人社局", "the county") : new Words($"县人社局 {CallAt}", $"the county, {CallAt}"), CountyTime.Show(DueAt)];
}
