namespace Voucher.Core.Vouchers;

/// <summary>What happened to a voucher. Numbers are stored: they never change meaning.</summary>
public enum VoucherEventKind : short
{
    Issued = 1,
    HandedOver = 2,
    Enrolled = 3,
    CheckedIn = 4,
    CheckedOut = 5,
    Completed = 6,
    Withdrawn = 7,
    Revoked = 8,
    Replaced = 9,
    Contested = 10,
}

public static class VoucherEventKinds
{
    public static Words Name(this VoucherEventKind kind) => kind switch
    {
        VoucherEventKind.Issued => new("发放", "Issued"),
        VoucherEventKind.HandedOver => new("领取", "Handed over"),
        VoucherEventKind.Enrolled => new("报到", "Enrolled"),
        VoucherEventKind.CheckedIn => new("签到", "Checked in"),
        VoucherEventKind.CheckedOut => new("签退", "Checked out"),
        VoucherEventKind.Completed => new("结业", "Completed"),
        VoucherEventKind.Withdrawn => new("退学", "Withdrawn"),
        VoucherEventKind.Revoked => new("作废", "Revoked"),
        VoucherEventKind.Replaced => new("补发", "Replaced"),
        VoucherEventKind.Contested => new("报到存争议", "Enrolment contested"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of voucher event."),
    };
}

/// <summary>One step along the machine's graph: every transition has one event, every event one transition.</summary>
public sealed record VoucherEvent(
    VoucherEventKind Kind,
    VoucherState From,
    VoucherState To,
    DateTimeOffset At,
    InstitutionId? Institution = null,
    ClassId? Class = null,
    SessionId? Session = null,
    string? Reason = null);
