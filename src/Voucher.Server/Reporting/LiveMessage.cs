using System.Globalization;

namespace Voucher.Server.Reporting;

/// <summary>A live event as the browser gets it: both languages, no typed values.</summary>
/// <param name="Kind">Name of the <see cref="LiveEventKind"/>.</param>
/// <param name="Key">The same for the same event wherever it is shown, so that a page shows it once.</param>
/// <param name="Time">Local time of day, <c>09:15:07</c>.</param>
public sealed record LiveMessage(
    string Kind, string Key, DateTimeOffset At, string Time, string WhatZh, string WhatEn, string? VoucherNumber, string? Holder,
    string? InstitutionName, string? ClassName, string? TerminalName, bool Accepted, int Refusal)
{
    public static LiveMessage Of(LiveEvent happened) => new(
        happened.Kind.ToString(), KeyOf(happened), happened.At, TimeOf(happened), happened.What.Zh, happened.What.En, happened.VoucherNumber, happened.Holder,
        happened.InstitutionName, happened.ClassName, happened.TerminalName, happened.Accepted, happened.Refusal);

    /// <summary>In milliseconds, which every store and format keeps.</summary>
    public static string KeyOf(LiveEvent happened) =>
        string.Create(CultureInfo.InvariantCulture, $"{happened.At.ToUnixTimeMilliseconds()} {happened.VoucherNumber}");

    public static string TimeOf(LiveEvent happened) =>
        CountyTime.ToLocal(happened.At).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
