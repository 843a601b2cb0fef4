using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Claims;

/// <summary>One voucher as it was judged.</summary>
/// <param name="Why">All that stands against claiming it, as its institution is told; empty when it can be claimed.</param>
/// <param name="Amount">What it would be paid; <c>null</c> while its class has no rate.</param>
/// <param name="StraysFromPracticeShare">A mark and no reason: practice hours are not the share that the rules want.</param>
public sealed record JudgedVoucher(Candidate Candidate, IReadOnlyList<Refusal> Why, ClaimAmount? Amount, bool StraysFromPracticeShare)
{
    public bool IsReady => Why.Count == 0;

    /// <summary>Rejected before and nothing else against it: it is claimed again with a note.</summary>
    public bool WantsNote => Why is [{ Code: RefusalCode.RejectedBefore }];
}

/// <summary>One class's part.</summary>
public sealed record ClaimableClass(ClassId Id, string Name, string Programme, int Ready, Fen Amount, int NotYet);

/// <summary>How many vouchers one reason holds back; a voucher with several counts under each.</summary>
public sealed record ClaimReason(RefusalCode Code, int Vouchers);

/// <summary>All of an institution's vouchers that are not settled, each judged.</summary>
public sealed record Claimable(Policy Policy, IReadOnlyList<JudgedVoucher> Vouchers)
{
    public int Ready { get; } = Vouchers.Count(voucher => voucher.IsReady);

    public int NotYet => Vouchers.Count - Ready;

    public Fen Amount { get; } = Sum(Vouchers);

    /// <summary>How many claims "claim all" makes of what is ready.</summary>
    public int Claims => (Ready + SubmitClaim.MostLines - 1) / SubmitClaim.MostLines;

    /// <summary>Those with most to claim first.</summary>
    public IReadOnlyList<ClaimableClass> Classes { get; } =
    [
        .. Vouchers.GroupBy(voucher => voucher.Candidate.Class)
            .Select(group => new ClaimableClass(
                group.Key, group.First().Candidate.Facts.ClassName, group.First().Candidate.Facts.Programme,
                group.Count(voucher => voucher.IsReady), Sum(group), group.Count(voucher => !voucher.IsReady)))
            .OrderByDescending(entry => entry.Ready).ThenBy(entry => entry.Id.Value),
    ];

    /// <summary>In order of precedence.</summary>
    public IReadOnlyList<ClaimReason> Reasons { get; } =
    [
        .. Vouchers.SelectMany(voucher => voucher.Why.Select(why => why.Code).Distinct()).GroupBy(code => code)
            .Select(group => new ClaimReason(group.Key, group.Count())).OrderBy(reason => reason.Code),
    ];

    /// <summary>The vouchers of one class, or held back by one reason, or both; claimable ones first.</summary>
    public IReadOnlyList<JudgedVoucher> Where(long? classId, int? reason) =>
    [
        .. Vouchers
            .Where(voucher => classId is not { } one || voucher.Candidate.Class.Value == one)
            .Where(voucher => reason is not { } code || voucher.Why.Any(why => (int)why.Code == code))
            .OrderBy(voucher => !voucher.IsReady).ThenBy(voucher => !voucher.WantsNote),
    ];

    private static Fen Sum(IEnumerable<JudgedVoucher> vouchers) =>
        vouchers.Where(voucher => voucher.IsReady).Aggregate(Fen.Zero, (sum, voucher) => sum + voucher.Amount!.Value);
}

/// <summary>Reads and judges what an institution may claim. Page, API and export show the same judgement.</summary>
public sealed class ReadClaimable(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    public async Task<Claimable> OfAsync(InstitutionId institution)
    {
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        await using var connection = await database.OpenConnectionAsync();
        var candidates = await CandidateStore.UnsettledAsync(connection, institution);
        return new Claimable(policy, [.. candidates.Select(candidate => new JudgedVoucher(
            candidate, candidate.Reasons(policy), candidate.AmountUnder(policy), candidate.StraysFromPracticeShare(policy)))]);
    }
}
