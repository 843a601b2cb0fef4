namespace Voucher.Server.Policies;

/// <summary>
/// An operator brings a pack as a file. The first one of a county is its rule at once, and may have begun in the past: without a
/// rule nothing can be decided. Any later one is a draft of a named log-in, which another person approves in the portal.
/// </summary>
public sealed class LoadPolicy(
    NpgsqlDataSource database, PolicyStore policies, DraftPolicy draft, AccountStore accounts, County county, TimeProvider clock)
{
    /// <param name="takeForOwn">The pack is of another region and is taken over.</param>
    /// <param name="login">Who drafts; only the first pack of a county needs nobody.</param>
    /// <returns>What was done, for the operator.</returns>
    public async Task<Outcome<string>> RunAsync(string json, bool takeForOwn, string? login)
    {
        var read = PolicyDocument.Read(json);
        if (read is Outcome<PolicyDocument>.BadInput(var unreadable)) return unreadable.ToList();
        var document = read.OrThrow();
        var pack = document.ToPolicy(county.Region);
        var faults = PolicyCheck.FaultsOf(pack);
        if (document.Region != county.Region.ToString() && !takeForOwn)
            faults.Add(new("region", new($"不是本县（{county.Region}）的政策包", $"Not a pack of this county ({county.Region}); give --own-region to take it over")));
        if (faults.Count > 0) return faults;
        return (await policies.ListAsync()).Count == 0 ? await LoadFirstAsync(pack) : await DraftAsync(pack, login);
    }

    private async Task<Outcome<string>> LoadFirstAsync(Policy pack)
    {
        var now = clock.GetUtcNow();
        if (!pack.IsInForceOn(CountyTime.DayOf(now)))
            return Fault("effectiveFrom", new("第一份政策包今天就要施行", "The first pack must be in force today: a county always has a rule"));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PolicyStore.InsertAsync(connection, transaction, pack) is not { } id) return PolicyDate.VersionTaken.ToList();
        await AuditTrail.AppendAsync(connection, transaction, now, null, "policy.load", $"policy:{id}", DraftPolicy.Cite(pack), Ground.Command);
        await transaction.CommitAsync();
        policies.Forget();
        return $"The county's first rule: {DraftPolicy.Cite(pack)}.";
    }

    private async Task<Outcome<string>> DraftAsync(Policy pack, string? login)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        if (await PolicyDate.RefuseAsync(policies, pack, today) is { } refusal) return refusal;
        if (await PolicyDate.VersionFaultAsync(policies, pack) is { } taken) return taken.ToList();
        if (login is null || await accounts.FindAsync(login) is not { } known || !known.Account.IsActive || !known.Actor.May(Permission.EditPolicies))
            return Fault("by", new("请用 --by 指定拟定人的账号（县经办）", "The county has a rule: give --by with the log-in of the clerk whose draft it is"));
        return await draft.AddAsync(pack, known.Actor) switch
        {
            Outcome<int>.Done(var id) => $"Draft {id} of {login}: submit it in the portal for another person to approve.",
            Outcome<int>.BadInput(var errors) => errors.ToList(),
            _ => throw new InvalidOperationException(),
        };
    }

    private static List<FieldError> Fault(string field, Words problem) => [new(field, problem)];
}
