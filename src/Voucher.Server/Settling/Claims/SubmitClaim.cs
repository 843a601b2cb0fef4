using Voucher.Server.Api;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Claims;

/// <summary>结算申报: an institution claims completed vouchers. Each line freezes what it rests on and what it is worth.</summary>
public sealed class SubmitClaim(
    NpgsqlDataSource database, PolicyStore policies, FreezeEvidence freeze, SettlingNews news, County county, TimeProvider clock)
{
    /// <summary>The most vouchers of one claim; claiming all makes as many claims as it takes.</summary>
    public const int MostLines = 2000;

    private sealed record Made(ClaimId Claim, bool MayLeaveMore);

    /// <summary>Claims the vouchers that were chosen, all or none.</summary>
    /// <param name="voucherNumbers">As printed.</param>
    /// <param name="note">What has changed; needed for a voucher that was rejected before.</param>
    public async Task<Outcome<ClaimId>> RunAsync(Actor actor, IReadOnlyList<string?> voucherNumbers, string? note = null)
    {
        if (actor.Institution is not { } institution) return Refusal.Of(RefusalCode.NotAllowed);
        note = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        var errors = Parse(voucherNumbers, out var chosen);
        if (Reasons.Fault(note) is { } fault) errors.AddRange(fault.Select(error => error with { Field = "note" }));
        if (errors.Count > 0) return errors;
        return await TryAsync(actor, institution, chosen, note) switch
        {
            Outcome<Made>.Done(var made) => made.Claim,
            Outcome<Made>.Refused(var refusal) => refusal,
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>
    /// Claims all that can be claimed, in claims of at most <see cref="MostLines"/>. A voucher that was rejected before is left out:
    /// it is claimed by itself, with a note.
    /// </summary>
    public async Task<Outcome<IReadOnlyList<ClaimId>>> AllAsync(Actor actor)
    {
        if (actor.Institution is not { } institution) return Refusal.Of(RefusalCode.NotAllowed);
        List<ClaimId> claims = [];
        while (true)
        {
            switch (await TryAsync(actor, institution, chosen: null, note: null))
            {
                case Outcome<Made>.Done(var made):
                    claims.Add(made.Claim);
                    if (!made.MayLeaveMore) return new Outcome<IReadOnlyList<ClaimId>>.Done(claims);
                    break;
                // What was made stands: each claim is whole by itself.
                case Outcome<Made>.Refused(var refusal):
                    return claims.Count > 0 ? new Outcome<IReadOnlyList<ClaimId>>.Done(claims) : refusal;
                default:
                    throw new InvalidOperationException();
            }
        }
    }

    private async Task<Outcome<Made>> TryAsync(Actor actor, InstitutionId institution, SortedSet<VoucherId>? chosen, string? note)
    {
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        try
        {
            return await SubmitAsync(actor, institution, chosen, note, policy, now);
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: ClaimStore.OnceAVoucher })
        {
            return await SayWhichIsTakenAsync(chosen, policy);
        }
    }

    private static List<FieldError> Parse(IReadOnlyList<string?> numbers, out SortedSet<VoucherId> chosen)
    {
        chosen = [];
        if (numbers.Count is 0 or > MostLines)
            return [new("voucherNumbers", new($"请选择1至{MostLines}张券", $"Choose 1 to {MostLines} vouchers"))];
        List<FieldError> errors = [];
        for (var i = 0; i < numbers.Count; i++)
        {
            if (VoucherId.TryParse(numbers[i], out var id)) chosen.Add(id);
            else errors.Add(new($"voucherNumbers[{i}]", new("不是16位券号", "Not a 16-digit voucher number")));
        }
        return errors;
    }

    private async Task<Outcome<Made>> SubmitAsync(
        Actor actor, InstitutionId institution, SortedSet<VoucherId>? chosen, string? note, Policy policy, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ConsequenceStore.BlocksAsync(connection, transaction, institution, Blocked.Claims, CountyTime.DayOf(now), policy) is { } blocked) return blocked;
        IReadOnlyCollection<VoucherId> vouchers = chosen is not null
            ? chosen
            : await CandidateStore.ReadyAsync(connection, transaction, institution, policy, MostLines);
        // Between the look and the lock a voucher may have been bound to a class of another institution.
        var candidates = (await CandidateStore.LockAsync(connection, transaction, vouchers)).Where(candidate => candidate.Institution == institution).ToList();
        if (chosen is null) candidates.RemoveAll(candidate => Claimability.Refuse(candidate.Facts, policy) is not null);
        else if (RefuseChosen(chosen, candidates, note, policy) is { } refusal) return refusal;
        if (candidates.Count == 0) return Refusal.Under(policy, RefusalCode.NothingToClaim);

        var lines = await freeze.OfAsync(connection, transaction, candidates, policy, note);
        var claim = await ClaimStore.InsertAsync(connection, transaction, county.Region, institution, actor, policy.Id, now);
        await ClaimStore.InsertLinesAsync(connection, transaction, claim, lines);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.submit", $"claim:{claim}",
            note is null ? $"{lines.Count} vouchers" : $"{lines.Count} vouchers, with a note", ground: policy.RuleOf(Clause.Voucher).ToString());
        await transaction.CommitAsync();
        await news.SubmittedAsync(claim, institution, lines.Count);
        return new Made(claim, MayLeaveMore: chosen is null && vouchers.Count == MostLines);
    }

    /// <summary>A voucher that does not exist and one of another institution get the same answer.</summary>
    private static Refusal? RefuseChosen(SortedSet<VoucherId> chosen, List<Candidate> own, string? note, Policy policy)
    {
        if (own.Count != chosen.Count) return Refusal.Of(RefusalCode.NotFound);
        return own
            .Select(candidate => (note is null
                ? Claimability.Refuse(candidate.Facts, policy)
                : Claimability.RefuseWithNote(candidate.Facts, policy))?.ToInstitution(candidate.Voucher))
            .FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>Another claim was faster than every check: the index has refused this one.</summary>
    private async Task<Refusal> SayWhichIsTakenAsync(SortedSet<VoucherId>? chosen, Policy policy)
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var voucher in chosen ?? [])
        {
            if (await ClaimStore.LiveClaimOfAsync(connection, voucher) is { } claim)
                return Refusal.Under(policy, RefusalCode.AlreadyInClaim, voucher, claim);
        }
        return Refusal.Under(policy, RefusalCode.NothingToClaim);
    }
}
