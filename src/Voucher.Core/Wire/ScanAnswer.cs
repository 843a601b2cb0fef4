namespace Voucher.Core.Wire;

/// <summary>The server's answer to one scan, stored with it and given again to every repeat.</summary>
/// <param name="Refusal">0 when accepted, else the refusal's number.</param>
/// <param name="Reason">What happened, for the screen and to be spoken.</param>
/// <param name="NextStep">What the desk does next.</param>
/// <param name="Rule">The rule a refusal rests on, as cited; else <c>null</c>.</param>
/// <param name="Holder">The holder's name, masked; <c>null</c> when the voucher could not be found.</param>
/// <param name="Receipt">Position of the event in the voucher's history; <c>null</c> when refused.</param>
public sealed record ScanAnswer(
    Guid ScanId,
    bool Accepted,
    int Refusal,
    Words Reason,
    Words NextStep,
    string? Rule,
    string? VoucherNumber,
    string? Holder,
    string? Programme,
    string? ClassName,
    int? Receipt,
    DateTimeOffset AnsweredAt);
