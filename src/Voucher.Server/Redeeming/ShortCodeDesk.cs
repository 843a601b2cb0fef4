using Voucher.Core.Tokens;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Finds the voucher whose short code was typed. The code stands for the registered token: what a revoked key signed is
/// worth nothing, however it is shown. Guesses are counted by terminal.
/// </summary>
public sealed class ShortCodeDesk(NpgsqlDataSource database)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public async Task<(VoucherToken? Token, Refusal? Refusal)> FindAsync(
        TerminalId terminal, string typed, KeyRing ring, Policy policy, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var wrong = await connection.ExecuteScalarAsync<int>(
            "select count(*)::int from scan where terminal_id = @terminal and refusal = 109 and received_at >= @since",
            new { terminal, since = now - Window });
        if (wrong >= policy.Parameters.ShortCodesPerTerminalPerHour) return (null, Refusal.Under(policy, RefusalCode.TooManyShortCodes));
        var bytes = ShortCode.TryParse(typed, out var code)
            ? await connection.QuerySingleOrDefaultAsync<byte[]?>("select token from voucher where short_code = @code", new { code })
            : null;
        if (bytes is null) return (null, Refusal.Under(policy, RefusalCode.ShortCodeNotKnown));
        var token = TokenDecoder.ReadStored(bytes);
        var verdict = ring.Verify(token, CountyTime.DayOf(now));
        return verdict == RefusalCode.None ? (token, null) : (token, Refusal.Under(policy, verdict, token.Region));
    }
}
