using System.Diagnostics;
using Voucher.Benchmarks.Report;
using Voucher.Benchmarks.Yardsticks;
using Voucher.Core.Tokens;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Measures;

/// <summary>Reading and verifying tokens on one core.</summary>
internal sealed class TokenMeasure(Arena arena)
{
    private const int Tokens = 2_000;
    private const int Passes = 100;

    /// <summary>The key is open, the token is seen for the first time: decode and verify.</summary>
    public async Task<Sample> FirstSightAsync()
    {
        var (digits, ring, today) = await PrepareAsync();
        var start = Stopwatch.GetTimestamp();
        var tokens = new VerifiedTokens();
        foreach (var text in digits) Expect(tokens.Read(text, ring, today).Refusal);
        return new Sample(digits.Length / Stopwatch.GetElapsedTime(start).TotalSeconds, digits.Length);
    }

    /// <summary>The token has been verified before.</summary>
    public async Task<Sample> KnownAsync()
    {
        var (digits, ring, today) = await PrepareAsync();
        var tokens = new VerifiedTokens();
        foreach (var text in digits) Expect(tokens.Read(text, ring, today).Refusal);
        var start = Stopwatch.GetTimestamp();
        for (var pass = 0; pass < Passes; pass++)
            foreach (var text in digits) Expect(tokens.Read(text, ring, today).Refusal);
        return new Sample(digits.Length * Passes / Stopwatch.GetElapsedTime(start).TotalSeconds, digits.Length * Passes);
    }

    public static async Task<Sample> OpenSslAsync() => new((await OpenSslSpeed.RunAsync(1)).Verifies, 1);

    private static void Expect(RefusalCode refusal)
    {
        if (refusal != RefusalCode.None) throw new InvalidOperationException($"A good token was refused: {refusal}.");
    }

    private async Task<(string[] Digits, KeyRing Ring, DateOnly Today)> PrepareAsync()
    {
        var deck = await arena.Decks.MakeAsync(Tokens, signed: true);
        var ring = await arena.County.Get<IssuingKeys>().RingAsync();
        return ([.. deck.Vouchers.Select(voucher => voucher.Token.ToDigits())], ring, CountyTime.DayOf(arena.Clock.GetUtcNow()));
    }
}
