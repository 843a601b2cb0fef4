namespace Voucher.Core.Policies;

/// <summary>One yes or no of a pack.</summary>
/// <param name="Field">As in the file of a pack and in a form.</param>
public sealed record PolicySwitch(
    string Field, PolicyPart Part, Clause Clause, Words Label,
    Func<PolicyParameters, bool> Get, Func<PolicyParameters, bool, PolicyParameters> With)
{
    public static readonly IReadOnlyList<PolicySwitch> All =
    [
        new("oneLiveVoucher", PolicyPart.People, Clause.Voucher, new("一人同时只能持有一张未用的券", "One live voucher a person"),
            p => p.OneLiveVoucher, (p, on) => p with { OneLiveVoucher = on }),
        new("spotCheckRequired", PolicyPart.Oversight, Clause.SpotCheck, new("抽查后才能结算", "Nothing is payable before a spot check"),
            p => p.SpotCheckRequired, (p, on) => p with { SpotCheckRequired = on }),
        new("certificateRequired", PolicyPart.Oversight, Clause.Completion, new("登记证书后才能结算", "Nothing is payable before its certificate is recorded"),
            p => p.CertificateRequired, (p, on) => p with { CertificateRequired = on }),
        new("deliveryRecordRequired", PolicyPart.Oversight, Clause.Delivery, new("登记政策包送达（两联三送）", "The policy package is recorded with the handing over"),
            p => p.DeliveryRecordRequired, (p, on) => p with { DeliveryRecordRequired = on }),
    ];

    public Words Show(PolicyParameters parameters) => Get(parameters) ? new("是", "yes") : new("否", "no");
}
