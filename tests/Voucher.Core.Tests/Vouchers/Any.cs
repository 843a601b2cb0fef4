using FsCheck;
using FsCheck.Fluent;
using Voucher.Core.Classes;
using Voucher.Core.Policies;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

/// <summary>
/// Generators of everything that the machine takes. Most days lie near today, so that limits are hit; some lie anywhere
/// from year 1 to 9999. Numbers are small as a rule and absurd now and then.
/// </summary>
internal static class Any
{
    public static Gen<DateOnly> Day { get; } = Gen.Frequency(
        (8, Gen.Choose(-100, 100).Select(days => Sample.Today.AddDays(days))),
        (1, Gen.Choose(0, DateOnly.MaxValue.DayNumber).Select(DateOnly.FromDayNumber)),
        (1, Gen.Elements(DateOnly.MinValue, DateOnly.MaxValue)));

    public static Gen<DateTimeOffset> Instant { get; } = Gen.Frequency(
        (8, Gen.Choose(-150_000, 150_000).Select(minutes => Sample.Now.AddMinutes(minutes))),
        (1, from day in Gen.Choose(0, DateOnly.MaxValue.DayNumber)
            from minute in Gen.Choose(0, 1439)
            select new DateTimeOffset(DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue.AddMinutes(minute)), TimeSpan.Zero)),
        (1, Gen.Elements(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)));

    private static Gen<int> Number { get; } = Gen.Frequency(
        (8, Gen.Choose(0, 100)),
        (1, Gen.Choose(int.MinValue, int.MaxValue)),
        (1, Gen.Elements(int.MinValue, -1, 0, 1, int.MaxValue)));

    private static Gen<bool> Bool { get; } = Gen.Elements(true, false);

    private static Gen<bool> Mostly { get; } = Gen.Frequency((7, Gen.Constant(true)), (1, Gen.Constant(false)));

    private static Gen<ClassId> Class { get; } = Gen.Elements(Sample.Class, Sample.OtherClass);

    private static Gen<InstitutionId> Institution { get; } = Gen.Frequency(
        (7, Gen.Constant(Sample.Institution)), (1, Gen.Constant(new InstitutionId(99))));

    private static Gen<string> Reason { get; } = Gen.Elements("", "  ", "搬家", "{0}", "}{", new string('长', 2000));

    private static Gen<ushort> Code { get; } = Gen.Elements<ushort>(0, 3, 4, 1001, 1002, ushort.MaxValue);

    private static Gen<VoucherId> Id { get; } =
        Gen.Choose(0, int.MaxValue).Select(serial => new VoucherId(new RegionCode(622926), (uint)serial));

    private static Gen<VoucherUse?> Use { get; } =
        from at in Instant
        from place in Gen.Elements("", "{0}", "东乡县技能培训学校")
        from name in Gen.Elements(null, "", "中式烹调师1班{1}")
        from terminal in Gen.Elements(null, "前台1号")
        from present in Bool
        select present ? new VoucherUse(VoucherEventKind.Enrolled, at, place, name, terminal) : null;

    private static Gen<Enrolment?> Enrolment { get; } =
        from at in Instant
        from id in Class
        from institution in Institution
        from present in Bool
        select present ? new Enrolment(id, institution, at) : null;

    /// <summary>Any voucher, also such as should not be: the state and the enrolment are drawn apart.</summary>
    public static Gen<TrainingVoucher> Voucher { get; } =
        from id in Id
        from kind in Gen.Elements(Enum.GetValues<VoucherKind>())
        from scope in Code
        from validFrom in Day
        from validUntil in Day
        from state in Gen.Elements(Enum.GetValues<VoucherState>())
        from inConflict in Bool
        from enrolment in Enrolment
        from use in Use
        from replacedBy in Id
        from replaced in Bool
        select new TrainingVoucher(
            id, kind, new VoucherScope(scope), validFrom, validUntil, state, inConflict, enrolment, use, replaced ? replacedBy : null);

    /// <summary>A voucher such as the register first holds it.</summary>
    public static Gen<TrainingVoucher> NewVoucher { get; } =
        from scope in Gen.Frequency((3, Gen.Constant<ushort>(0)), (1, Code))
        from starts in Gen.Choose(-30, 10)
        from days in Gen.Choose(0, 90)
        select Sample.Issued with
        {
            Scope = new VoucherScope(scope),
            ValidFrom = Sample.Today.AddDays(starts),
            ValidUntil = Sample.Today.AddDays(starts + days),
        };

    private static Gen<ClassOffer> Offer { get; } =
        from id in Class
        from institution in Institution
        from scannedAt in Institution
        from programme in Code
        from trade in Code
        from starts in Day
        from ends in Day
        from approved in Mostly
        from accredited in Mostly
        from capacity in Number
        from enrolled in Gen.Choose(0, 60)
        select new ClassOffer(
            id, "中式烹调师1班", institution, scannedAt, programme, trade, starts, ends, approved, accredited, capacity, enrolled);

    /// <summary>A class that a voucher may well enrol in.</summary>
    private static Gen<ClassOffer> LikelyOffer { get; } =
        from id in Class
        from starts in Gen.Choose(-5, 40)
        from length in Gen.Choose(0, 30)
        select Sample.Offer with { Id = id, StartsOn = Sample.Today.AddDays(starts), EndsOn = Sample.Today.AddDays(starts + length) };

    private static Gen<HolderStanding> Holder { get; } =
        from match in Gen.Frequency((6, Gen.Constant(HolderMatch.Matches)), (1, Gen.Elements(HolderMatch.NotShown, HolderMatch.Differs)))
        from other in Gen.Frequency((6, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>("", "电焊工{2}班")))
        select new HolderStanding(match, other);

    private static Gen<SessionStanding> Session { get; } =
        from open in Mostly
        from checkedIn in Bool
        from checkedOut in Bool
        select new SessionStanding(open ? new SessionId(7) : null, checkedIn, checkedOut);

    private static Gen<CompletionStanding> Standing { get; } =
        from attended in Number
        from held in Number
        from passed in Gen.Elements<bool?>(null, false, true, true, true)
        from ends in Day
        select new CompletionStanding(attended, held, passed, ends);

    public static Gen<VoucherCommand> Command { get; } = Gen.Frequency(
        (6, Gen.Constant<VoucherCommand>(new VoucherCommand.HandOver())),
        (16, from offer in Gen.OneOf(Offer, LikelyOffer) from holder in Holder select (VoucherCommand)new VoucherCommand.Enrol(offer, holder)),
        (10, from id in Class from session in Session select (VoucherCommand)new VoucherCommand.CheckIn(id, session)),
        (10, from id in Class from session in Session select (VoucherCommand)new VoucherCommand.CheckOut(id, session)),
        (6, from id in Class from standing in Standing select (VoucherCommand)new VoucherCommand.Complete(id, standing)),
        (1, Gen.Constant<VoucherCommand>(new VoucherCommand.Contest("ZY000001"))),
        (1, Reason.Select(reason => (VoucherCommand)new VoucherCommand.Withdraw(reason))),
        (1, Reason.Select(reason => (VoucherCommand)new VoucherCommand.Revoke(reason))),
        (1, from id in Id from reason in Reason select (VoucherCommand)new VoucherCommand.Replace(id, reason)));

    public static Gen<Policy> Policy { get; } =
        from opens in Number
        from closes in Number
        from margin in Number
        from percent in Number
        from clauses in Gen.SubListOf(Enum.GetValues<Clause>())
        select Sample.Policy with
        {
            Parameters = new PolicyParameters
            {
                EnrolmentOpensDaysBefore = opens,
                EnrolmentClosesDaysAfter = closes,
                SessionMarginMinutes = margin,
                AttendancePercent = percent,
            },
            Clauses = clauses.Append(Clause.Voucher).Distinct().ToDictionary(clause => clause, clause => $"第{(int)clause}条{{0}}"),
        };
}
