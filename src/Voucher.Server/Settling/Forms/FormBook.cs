using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Forms;

/// <summary>
/// Makes a form for whoever may see it: an institution its own claims and statements, the county all. A form of another
/// institution answers as if it did not exist.
/// </summary>
public sealed class FormBook(
    ClaimFigureStore claims, PaymentFigureStore payments, LedgerFigureStore ledger, StatementFigureStore statements, DayFigureStore days,
    PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<FormSheet>> FindAsync(Actor actor, FormWish wish)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (!actor.May(NeedsOf(wish.Kind))) return Refusal.Of(RefusalCode.NotAllowed);
        if (wish.Fault(today) is { } fault) return new List<FieldError> { fault };
        var (from, until) = wish.Days(today);
        return wish.Kind switch
        {
            FormKind.Claim => await OfClaimAsync(actor, wish.Id, now),
            FormKind.Payment => await payments.FindAsync(wish.Id) is { } found ? found.ToSheet(await FrameAsync(actor, now, Clause.Payment)) : Refusal.Of(RefusalCode.NotFound),
            FormKind.Ledger => await OfLedgerAsync(actor, wish, from, until, now),
            FormKind.Statement => await OfInstitutionAsync(actor, new InstitutionId(wish.Institution), from, until, now),
            FormKind.Day => (await days.ReadAsync(wish.Day ?? today, today)).ToSheet(await FrameAsync(actor, now, Clause.Funds)),
            _ => Refusal.Of(RefusalCode.NotFound),
        };
    }

    /// <summary>Money of the county's own books is the county's; claims and statements are the institution's as well.</summary>
    public static string NeedsOf(FormKind kind) => kind switch
    {
        FormKind.Payment => Permission.ReadPayments,
        FormKind.Ledger => Permission.ReadLedger,
        FormKind.Day => Permission.ReadDaySheet,
        _ => Permission.ReadForms,
    };

    private async Task<Outcome<FormSheet>> OfClaimAsync(Actor actor, long id, DateTimeOffset now)
    {
        if (await claims.FindAsync(id) is not { } found || !actor.MayActFor(found.InstitutionId)) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(found.Policy);
        return found.ToSheet(Frame(actor, now, [$"{policy.RuleOf(Clause.Voucher)}"]));
    }

    private async Task<Outcome<FormSheet>> OfLedgerAsync(Actor actor, FormWish wish, DateOnly from, DateOnly until, DateTimeOffset now) =>
        await ledger.FindAsync(wish.Line, wish.Source, from, until) switch
        {
            null => Refusal.Of(RefusalCode.NotFound),
            Outcome<LedgerFigures>.Done(var found) => found.ToSheet(await FrameAsync(actor, now, Clause.Funds)),
            Outcome<LedgerFigures>.BadInput(var errors) => errors.ToList(),
            _ => throw new InvalidOperationException(),
        };

    private async Task<Outcome<FormSheet>> OfInstitutionAsync(Actor actor, InstitutionId institution, DateOnly from, DateOnly until, DateTimeOffset now) =>
        actor.MayActFor(institution) && await statements.FindAsync(institution, from, until) is { } found
            ? found.ToSheet(await FrameAsync(actor, now, Clause.Voucher))
            : Refusal.Of(RefusalCode.NotFound);

    private async Task<FormFrame> FrameAsync(Actor actor, DateTimeOffset now, Clause clause) =>
        Frame(actor, now, [$"{(await policies.InForceOrLastAsync(CountyTime.DayOf(now))).RuleOf(clause)}"]);

    private FormFrame Frame(Actor actor, DateTimeOffset now, IReadOnlyList<string> rules) => new(county.Region, county.Name, now, actor.Name, rules);
}
