namespace Voucher.Server.Reporting;

/// <summary>A live event as the browser gets it: both languages, no typed values.</summary>
/// <param name="Kind">Name of the <see cref="LiveEventKind"/>.</param>
public sealed record LiveMessage(
    string Kind, DateTimeOffset At, string WhatZh, string WhatEn, string? VoucherNumber, string? Holder,
    string? InstitutionName, string? ClassName, string? TerminalName, bool Accepted, int Refusal)
{
    public static LiveMessage Of(LiveEvent happened) => new(
        happened.Kind.ToString(), happened.At, happened.What.Zh, happened.What.En, happened.VoucherNumber, happened.Holder,
        happened.InstitutionName, happened.ClassName, happened.TerminalName, happened.Accepted, happened.Refusal);
}
