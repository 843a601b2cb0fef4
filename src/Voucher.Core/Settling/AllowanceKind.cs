using Voucher.Core.Money;
using Voucher.Core.Policies;

namespace Voucher.Core.Settling;

/// <summary>What a trainee is helped with for each day attended (text 002, 三（二）). Numbers are stored: they never change meaning.</summary>
public enum AllowanceKind : short
{
    /// <summary>生活费补贴.</summary>
    Living = 1,

    /// <summary>交通费补助.</summary>
    Transport = 2,
}

/// <summary>Rate and bearer of an allowance under one pack.</summary>
/// <param name="PerDay">0: the pack gives none.</param>
public sealed record AllowanceTerms(Fen PerDay, AllowanceSource Source);

public static class AllowanceKinds
{
    public static readonly IReadOnlyList<AllowanceKind> All = Enum.GetValues<AllowanceKind>();

    public static Words Name(this AllowanceKind kind) => kind switch
    {
        AllowanceKind.Living => new("生活费补贴", "Living allowance"),
        AllowanceKind.Transport => new("交通费补助", "Transport allowance"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of allowance."),
    };

    public static AllowanceTerms TermsOf(this PolicyParameters rules, AllowanceKind kind) => kind switch
    {
        AllowanceKind.Living => new(new Fen(rules.LivingAllowanceFenPerDay), rules.LivingAllowanceSource),
        AllowanceKind.Transport => new(new Fen(rules.TransportAllowanceFenPerDay), rules.TransportAllowanceSource),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of allowance."),
    };
}
