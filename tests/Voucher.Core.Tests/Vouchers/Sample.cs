using Voucher.Core.Classes;
using Voucher.Core.Policies;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

/// <summary>One voucher, one class and one policy, in order: every command that its state allows is accepted today.</summary>
internal static class Sample
{
    public static readonly DateOnly Today = new(2026, 11, 22);
    public static readonly DateTimeOffset Now = CountyTime.At(Today, new TimeOnly(9, 15));
    public static readonly InstitutionId Institution = new(12);
    public static readonly ClassId Class = new(100);
    public static readonly ClassId OtherClass = new(200);
    public static readonly VoucherId Successor = new(new RegionCode(622926), 124);

    public static readonly Policy Policy = new(
        new PolicyId(1), new RegionCode(622926), "东县府办发〔2020〕57号", "东乡县培训券管理办法", 1,
        new DateOnly(2020, 1, 1), null, new PolicyParameters(), Enum.GetValues<Clause>().ToDictionary(clause => clause, clause => $"第{(int)clause}条"));

    public static readonly TrainingVoucher Issued = new(
        new VoucherId(new RegionCode(622926), 123), VoucherKind.General, VoucherScope.Any,
        Today.AddDays(-10), Today.AddDays(80), VoucherState.Issued);

    public static readonly TrainingVoucher Enrolled = Issued with
    {
        State = VoucherState.Enrolled,
        Enrolment = new Enrolment(Class, Institution, Now.AddDays(-1)),
        LastUse = new VoucherUse(VoucherEventKind.Enrolled, Now.AddDays(-1), "东乡县技能培训学校", "中式烹调师1班", "前台1号"),
    };

    public static readonly ClassOffer Offer = new(
        Class, "中式烹调师1班", Institution, Institution, ProgrammeCode: 1001, TradeCode: 3,
        Today.AddDays(5), Today.AddDays(20), IsApproved: true, IsAccredited: true, Capacity: 50, Enrolled: 49);

    public static readonly HolderStanding Holder = new(HolderMatch.Matches);

    public static VoucherCommand.Enrol Enrol { get; } = new(Offer, Holder);
    public static VoucherCommand.CheckIn CheckIn { get; } = new(Class, new SessionStanding(new SessionId(7)));
    public static VoucherCommand.CheckOut CheckOut { get; } = new(Class, new SessionStanding(new SessionId(7), CheckedIn: true));
    public static VoucherCommand.Complete Complete { get; } = new(Class, new CompletionStanding(8, 10, true, Today));
    public static VoucherCommand.Contest Contest { get; } = new("ZY000001");
    public static VoucherCommand.Withdraw Withdraw { get; } = new("身体原因");
    public static VoucherCommand.Revoke Revoke { get; } = new("发放有误");
    public static VoucherCommand.Replace Replace { get; } = new(Successor, "原券污损");
}
