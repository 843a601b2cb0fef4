using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Claims;

/// <summary>结算申报: an institution claims completed vouchers. Each line freezes what it rests on and what it is worth.</summary>
public sealed class SubmitClaim(NpgsqlDataSource database, PolicyStore policies, SettlingNews news, County county, TimeProvider clock)
{
    /// <summary>The most vouchers of one claim; what is left over goes on the next.</summary>
    public const int MostLines = 2000;

    /// <param name="voucherNumbers">As printed; <c>null</c> claims all that can be claimed.</param>
    public async Task<Outcome<ClaimId>> RunAsync(Actor actor, IReadOnlyList<string?>? voucherNumbers)
    {
        if (actor.Institution is not { } institution) return Refusal.Of(RefusalCode.NotAllowed);
        if (Parse(voucherNumbers, out var chosen) is { Count: > 0 } errors) return errors;
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        try
        {
            return await SubmitAsync(actor, institution, chosen, policy, now);
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: ClaimStore.OnceAVoucher })
        {
            return await SayWhichIsTakenAsync(chosen, policy);
        }
    }

    private static List<FieldError> Parse(IReadOnlyList<string?>? numbers, out SortedSet<VoucherId>? chosen)
    {
        chosen = numbers is null ? null : [];
        if (numbers is null) return [];
        if (numbers.Count is 0 or > MostLines)
            return [new("voucherNumbers", new($"请选择1至{MostLines}张券", $"Choose 1 to {MostLines} vouchers"))];
        List<FieldError> errors = [];
        for (var i = 0; i < numbers.Count; i++)
        {
            if (VoucherId.TryParse(numbers[i], out var id)) chosen!.Add(id);
            else errors.Add(new($"voucherNumbers[{i}]", new("不是16位券号", "Not a 16-digit voucher number")));
        }
        return errors;
    }

    private async Task<Outcome<ClaimId>> SubmitAsync(
        Actor actor, InstitutionId institution, SortedSet<VoucherId>? chosen, Policy policy, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        IReadOnlyCollection<VoucherId> vouchers = chosen is not null
            ? chosen
            : await CandidateStore.ReadyAsync(connection, transaction, institution, policy, MostLines);
        var candidates = await CandidateStore.LockAsync(connection, transaction, vouchers);
        if (chosen is null) candidates = [.. candidates.Where(candidate => candidate.Refuse(policy) is null)];
        else if (RefuseChosen(chosen, candidates, institution, policy) is { } refusal) return refusal;
        if (candidates.Count == 0) return Refusal.Under(policy, RefusalCode.NothingToClaim);

        var claim = await ClaimStore.InsertAsync(connection, transaction, county.Region, institution, actor, policy.Id, now);
        await ClaimStore.InsertLinesAsync(connection, transaction, claim, candidates, policy);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.submit", $"claim:{claim}", $"{candidates.Count} vouchers",
            ground: policy.RuleOf(Clause.Voucher).ToString());
        await transaction.CommitAsync();
        await news.SubmittedAsync(claim, institution, candidates.Count);
        return claim;
    }

    /// <summary>A voucher that does not exist and one of another institution get the same answer.</summary>
    private static Refusal? RefuseChosen(
        SortedSet<VoucherId> chosen, IReadOnlyCollection<Candidate> candidates, InstitutionId institution, Policy policy)
    {
        var own = candidates.Where(candidate => candidate.Institution == institution).ToList();
        if (own.Count != chosen.Count) return Refusal.Of(RefusalCode.NotFound);
        return own.Select(candidate => candidate.RefuseToInstitution(policy)).FirstOrDefault(refusal => refusal is not null);
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
