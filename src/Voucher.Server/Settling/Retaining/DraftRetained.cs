using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Retaining;

/// <summary>拟留存名单: one person says what of the retained money is released, or forfeited, and why; another approves it.</summary>
public sealed class DraftRetained(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>Lines of one list; what is left over goes on the next.</summary>
    public const int MostLines = 2_000;

    private static readonly List<FieldError> NothingIsDue = [new("institutionId", new("没有到期且可以释放的留存资金", "No retained money is due and free to be released"))];

    /// <summary>All that is due and that nothing speaks against, of one institution or of all.</summary>
    public async Task<Outcome<long>> ReleaseDueAsync(Actor actor, int? institution, string? reason)
    {
        if (Read(actor, reason, out var why) is { } fault) return fault;
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var blocks = await PaymentBlocks.ReadAsync(connection, transaction, today, policy);
        var kept = await RetainedStore.KeptAsync(connection, transaction, county.Region, blocks, institution, today, MostLines);
        List<RetainedLine> due = [.. (await LockAsync(connection, transaction, blocks, kept)).Where(line => line.Money.IsDueOn(today))];
        if (due.Count == 0) return NothingIsDue;
        return await WriteAsync(connection, transaction, isRelease: true, why, due, actor, now);
    }

    /// <summary>The lines named are not released.</summary>
    public async Task<Outcome<long>> ForfeitAsync(Actor actor, IReadOnlyCollection<long>? lines, string? reason)
    {
        if (Read(actor, reason, out var why) is { } fault) return fault;
        var chosen = lines?.Distinct().Select(line => new ClaimLineId(line)).ToList() ?? [];
        if (chosen.Count is 0 or > MostLines)
            return new List<FieldError> { new("lines", new($"请选择1至{MostLines}行", $"Choose 1 to {MostLines} lines")) };
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var blocks = await PaymentBlocks.ReadAsync(connection, transaction, CountyTime.DayOf(now), policy);
        var found = await LockAsync(connection, transaction, blocks, await RetainedStore.FindAsync(connection, transaction, county.Region, blocks, chosen));
        if (found.Count != chosen.Count) return Refusal.Of(RefusalCode.NotFound);
        foreach (var line in found)
            if (line.Money.Decide(RetainedStep.DraftForfeit, CountyTime.DayOf(now), policy) is Outcome<RetainedState>.Refused(var refusal)) return refusal;
        return await WriteAsync(connection, transaction, isRelease: false, why, found, actor, now);
    }

    private static Outcome<long>? Read(Actor actor, string? reason, out string why)
    {
        var read = new FieldReader();
        why = read.Text("reason", reason, Reasons.Longest);
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        if (read.Errors.Count > 0) return read.Errors;
        return null;
    }

    /// <summary>Locks the claims of the lines, then reads them again.</summary>
    private async Task<IReadOnlyList<RetainedLine>> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentBlocks blocks, IReadOnlyList<RetainedLine> lines)
    {
        await ClaimStore.LockAsync(connection, transaction, [.. lines.Select(line => line.Claim).Distinct()]);
        return await RetainedStore.FindAsync(connection, transaction, county.Region, blocks, [.. lines.Select(line => line.Line)]);
    }

    private async Task<Outcome<long>> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, bool isRelease, string reason, IReadOnlyList<RetainedLine> lines, Actor actor, DateTimeOffset now)
    {
        var id = await RetainedStore.InsertAsync(connection, transaction, county.Region, isRelease, reason, lines, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, isRelease ? "retained.draft-release" : "retained.draft-forfeit", $"retained:{id}", $"{lines.Count} lines",
            reason);
        await transaction.CommitAsync();
        return id;
    }
}
