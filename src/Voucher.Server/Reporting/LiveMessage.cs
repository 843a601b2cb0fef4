using System.Globalization;

namespace Voucher.Server.Reporting;

/// <summary>A live event as the browser gets it: both languages, no typed values.</summary>
/// <param name="Kind">Name of the <see cref="LiveEventKind"/>.</param>
/// <param name="Time">Local time of day, <c>09:15:07</c>.</param>
public sealed record LiveMessage(
    string Kind, DateTimeOffset At, string Time, string WhatZh, string WhatEn, string? VoucherNumber, string? Holder,
    string? InstitutionName, string? ClassName, string? TerminalName, bool Accepted, int Refusal)
{
    public static LiveMessage Of(LiveEvent happened) => new(
        happened.Kind.ToString(), happened.At, TimeOf(happened), happened.What.Zh, happened.What.En, happened.VoucherNumber, happened.Holder,
        happened.InstitutionName, happened.ClassName, happened.TerminalName, happened.Accepted, happened.Refusal);

    public static string TimeOf(LiveEvent happened) =>
        CountyTime.ToLocal(happened.At).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
