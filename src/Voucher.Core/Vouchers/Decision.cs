using Voucher.Core.Refusals;

namespace Voucher.Core.Vouchers;

/// <summary>What the machine answers: one event and the voucher after it, or one refusal.</summary>
public abstract record Decision
{
    private Decision() { }

    public sealed record Accepted(VoucherEvent Event, TrainingVoucher Next) : Decision;

    public sealed record Refused(Refusal Refusal) : Decision;
}
