using Voucher.Core.Classes;

namespace Voucher.Core.Vouchers;

/// <summary>What somebody asks of a voucher. Each command carries the facts that its decision rests on.</summary>
public abstract record VoucherCommand
{
    private VoucherCommand() { }

    /// <summary>发券到人: the voucher was handed to its holder, or opened by them.</summary>
    public sealed record HandOver : VoucherCommand;

    /// <summary>报到: bind the voucher to one class.</summary>
    public sealed record Enrol(ClassOffer Class, HolderStanding Holder) : VoucherCommand;

    /// <summary>签到: the holder has come to a session.</summary>
    public sealed record CheckIn(ClassId Class, SessionStanding Session) : VoucherCommand;

    /// <summary>签退: the holder leaves a session.</summary>
    public sealed record CheckOut(ClassId Class, SessionStanding Session) : VoucherCommand;

    /// <summary>结业: the holder hands the voucher over after training.</summary>
    public sealed record Complete(ClassId Class, CompletionStanding Standing) : VoucherCommand;

    /// <summary>Another terminal claims the enrolment too, or was earlier: it is taken back until it is known who holds it.</summary>
    public sealed record Contest(string CaseNumber) : VoucherCommand;

    /// <summary>退学.</summary>
    public sealed record Withdraw(string Reason) : VoucherCommand;

    /// <summary>作废.</summary>
    public sealed record Revoke(string Reason) : VoucherCommand;

    /// <summary>补发: a reprint under a new number voids this one at once.</summary>
    public sealed record Replace(VoucherId Successor, string Reason) : VoucherCommand;
}
