using Voucher.Server.Redeeming;
using Voucher.Simulation.Schedules;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Storage;

/// <summary>A voucher as it was printed.</summary>
internal sealed record Paper(VoucherId Id, PersonId Person, HolderCheck Holder, VoucherToken Token, DateOnly ValidUntil, bool IsReserved);

/// <summary>A class with its sessions, which do not change.</summary>
internal sealed record TaughtClass(ScannedClass Offer, IReadOnlyList<NearbySession> Sessions)
{
    /// <summary>Sessions as a voucher with these marks stands to them, of the day and of those beside it.</summary>
    public List<NearbySession> Near(DateOnly day, uint checkedIn, uint checkedOut)
    {
        List<NearbySession> near = [];
        for (var i = 0; i < Sessions.Count; i++)
        {
            var session = Sessions[i];
            var heldOn = CountyTime.DayOf(session.Starts);
            if (heldOn < day.AddDays(-1) || heldOn > day.AddDays(1)) continue;
            near.Add(session with { CheckedIn = (checkedIn >> i & 1) == 1, CheckedOut = (checkedOut >> i & 1) == 1 });
        }
        return near;
    }

    public int IndexOf(SessionId session)
    {
        for (var i = 0; i < Sessions.Count; i++) if (Sessions[i].Id == session) return i;
        return -1;
    }
}

/// <summary>What stands before the first scan: institutions, terminals, classes and vouchers, all from one seed.</summary>
internal sealed class CountyFile
{
    public static readonly DateOnly Day = new(2026, 11, 22);
    public static readonly DateTimeOffset Morning = CountyTime.At(Day, new TimeOnly(8, 0));
    private static readonly RegionCode Region = new(622926);

    public static readonly Policy Policy = new(
        new PolicyId(1), Region, "东县府办发〔2020〕57号", "东乡县培训券管理办法", 1, new DateOnly(2020, 1, 1), null,
        new PolicyParameters(), Enum.GetValues<Clause>().ToDictionary(clause => clause, clause => $"第{(int)clause}条"));

    /// <summary>A voucher that the register has never heard of.</summary>
    public static readonly VoucherToken Stranger = TokenOf(new VoucherId(Region, 4_000_000), 1, Day, default);

    public CountyFile(Shape shape)
    {
        var dice = new Dice(Dice.Mix(shape.Seed, 1));
        Institutions = [.. Enumerable.Range(1, shape.Institutions).Select(id => new InstitutionId(id))];
        Terminals = [.. Enumerable.Range(0, shape.Terminals).Select(n => TerminalOf(n, Institutions[n % Institutions.Count]))];
        Classes = [.. Enumerable.Range(0, shape.Classes).Select(n => ClassOf(n, Institutions[n % Institutions.Count], dice))];
        Papers = [.. Enumerable.Range(0, shape.Vouchers).Select(n => PaperOf(n, shape, dice))];
    }

    public IReadOnlyList<InstitutionId> Institutions { get; }
    public IReadOnlyList<ScanningTerminal> Terminals { get; }
    public IReadOnlyList<TaughtClass> Classes { get; }
    public IReadOnlyList<Paper> Papers { get; }

    private static ScanningTerminal TerminalOf(int number, InstitutionId institution) =>
        new(new TerminalId(number + 1), $"前台{number + 1}号", institution, $"第{institution}职业培训学校", TerminalStatus.Active);

    private static TaughtClass ClassOf(int number, InstitutionId institution, Dice dice)
    {
        var starts = Day.AddDays(dice.Below(4) == 0 ? 2 : 0);
        var ends = starts.AddDays(dice.Below(2));
        var offer = new ScannedClass(
            new ClassId(number + 1), $"中式烹调师{number + 1}班", "中式烹调师", institution, 1001, 3, starts, ends,
            IsApproved: dice.Below(20) > 0, IsAccredited: true, Capacity: dice.Of(1, 1, 2, 3, 200, 200), Enrolled: 0);
        // One in the morning; half of the classes have another that ends shortly before midnight.
        List<NearbySession> sessions = [SessionOf(number, 0, starts, new TimeOnly(9, 0), new TimeOnly(10, 0))];
        if (dice.Below(2) == 0) sessions.Add(SessionOf(number, 1, starts, new TimeOnly(22, 30), new TimeOnly(23, 50)));
        return new TaughtClass(offer, sessions);
    }

    private static NearbySession SessionOf(int number, int index, DateOnly day, TimeOnly from, TimeOnly until) =>
        new(new SessionId((number + 1) * 10 + index), CountyTime.At(day, from), CountyTime.At(day, until));

    private static Paper PaperOf(int number, Shape shape, Dice dice)
    {
        var id = new VoucherId(Region, (uint)number + 1);
        // Some people hold two vouchers.
        var person = new PersonId(shape.PairsOfVouchers && number % 4 == 1 ? number : number + 1);
        var until = Day.AddDays(dice.Below(6) switch { 0 or 1 => 0, 2 => -1, _ => 60 });
        return PaperOf(id, person, until);
    }

    public static Paper PaperOf(VoucherId id, PersonId person, DateOnly until)
    {
        var holder = new HolderCheck((ushort)(person.Value * 7));
        return new Paper(id, person, holder, TokenOf(id, id.Serial, until, holder), until, IsReserved: true);
    }

    /// <summary>Not signed: signatures are looked at before a scan comes to the engine.</summary>
    public static VoucherToken TokenOf(VoucherId id, uint nonce, DateOnly until, HolderCheck holder)
    {
        var bytes = new byte[TokenLayout.Length];
        new TokenClaims(SignatureSuite.P256, 1, id, VoucherKind.General, nonce, until, VoucherScope.Any, holder).WriteTo(bytes);
        return TokenDecoder.ReadStored(bytes);
    }
}
