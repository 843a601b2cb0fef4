using System.Globalization;
using StackExchange.Redis;
using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Redis;

namespace Voucher.Server.Fraud;

/// <summary>One scan as the windows count it.</summary>
public sealed record WindowScan(
    TerminalId Terminal, InstitutionId Institution, ScanMode Mode, VoucherId Voucher, HolderCheck Holder, DateTimeOffset AtDesk, DateTimeOffset ReceivedAt, bool IsLate)
{
    public static WindowScan Of(GuardQuestion asked, InstitutionId institution) =>
        new(asked.Terminal, institution, asked.Mode, asked.Voucher!.Value, asked.Holder!.Value, asked.AtDesk, asked.ReceivedAt, asked.IsLate);
}

/// <summary>
/// The sliding windows in Redis: enrolments by terminal, places by holder check. Two short scripts at most, sent together:
/// one round trip a scan. Keys carry the county and one hash tag each.
/// </summary>
public sealed class GuardWindows(RedisLink redis, County county)
{
    /// <summary>Counts the scan and says what the windows hold; <c>null</c> when Redis does not answer in time.</summary>
    public Task<WindowCounts?> CountAsync(WindowScan scan, GuardLimits limits) => redis.TryAsync<WindowCounts?>(database => CountAsync(database, scan, limits));

    /// <summary>The key in Redis of one window of the county, hash tag and all.</summary>
    /// <param name="kind">A letter for what is counted: <c>e</c> enrolments at a terminal, <c>h</c> places of a holder check, <c>r</c> scans against a rate.</param>
    /// <param name="id">Whose window it is.</param>
    public static string Tag(County county, char kind, object id) => string.Create(CultureInfo.InvariantCulture, $"guard:{{{county.Region}:{kind}{id}}}");

    /// <summary>The same without the limit of one call, for many at once while rebuilding.</summary>
    public async Task<WindowCounts?> CountAsync(IDatabase database, WindowScan scan, GuardLimits limits)
    {
        var enrolment = scan.Mode == ScanMode.Enrol ? EnrolmentAsync(database, scan, limits) : null;
        var place = scan.IsLate ? null : PlaceAsync(database, scan, limits);
        var (enrolments, inRow) = enrolment is null ? (0, 0) : await enrolment;
        var last = place is null ? 0 : await place;
        return new WindowCounts(enrolments, inRow, last == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(last));
    }

    private async Task<(int Enrolments, int InRow)> EnrolmentAsync(IDatabase database, WindowScan scan, GuardLimits limits)
    {
        var counted = (RedisResult[])await RunAsync(database, GuardScripts.Enrolment, Tag(county, 'e', scan.Terminal),
            scan.AtDesk.ToUnixTimeMilliseconds(), scan.Voucher.Value, (long)GuardLimits.EnrolmentWindow.TotalMilliseconds,
            GuardLimits.MostEnrolments + 1, (long)limits.EnrolmentSpacing.TotalMilliseconds, limits.CloseInRow);
        return ((int)counted[0], (int)counted[1]);
    }

    private async Task<long> PlaceAsync(IDatabase database, WindowScan scan, GuardLimits limits) =>
        (long)await RunAsync(database, GuardScripts.Place, Tag(county, 'h', scan.Holder.Value),
            scan.Institution.Value, scan.ReceivedAt.ToUnixTimeMilliseconds(), Math.Max(1, (long)limits.Elsewhere.TotalMilliseconds));

    /// <summary>After a restart Redis knows no script: the second call loads it.</summary>
    public static Task<RedisResult> RunAsync(IDatabase database, string script, string key, params RedisValue[] values) =>
        RunAsync(database, script, [key], values);

    public static async Task<RedisResult> RunAsync(IDatabase database, string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
        catch (RedisServerException fault) when (fault.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
    }
}
