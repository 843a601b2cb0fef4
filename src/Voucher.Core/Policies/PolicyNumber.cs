using Voucher.Core.Refusals;

namespace Voucher.Core.Policies;

/// <summary>
/// One number of a pack: how it is called, in which unit it counts, within which range it may lie, and on which clause it
/// rests. <see cref="PolicyNumbers"/> is the one place that knows: form, file, page and comparison all go by it.
/// </summary>
/// <param name="Field">As in the file of a pack and in a form.</param>
/// <param name="Zero">What 0 means where it is no number: no limit, none, never.</param>
public sealed record PolicyNumber(
    string Field, PolicyPart Part, Clause Clause, Words Label, Words Unit, long Smallest, long Largest,
    Func<PolicyParameters, long> Get, Func<PolicyParameters, long, PolicyParameters> With, Words? Zero = null)
{
    /// <summary>Counted in 分; people type and read yuan.</summary>
    public bool IsMoney { get; init; }

    public FieldError? FaultOf(PolicyParameters parameters) => Get(parameters) is var value && value >= Smallest && value <= Largest ? null : Fault;

    /// <summary>What is said of anything that is not in the range.</summary>
    public FieldError Fault => new(Field, IsMoney
        ? new($"请填写 {new Money.Fen(Smallest)} 到 {new Money.Fen(Largest)} 元，最多两位小数", $"Give {new Money.Fen(Smallest)} to {new Money.Fen(Largest)} yuan, with at most two decimals")
        : new($"请填写 {Smallest} 到 {Largest} 的整数（{Unit.Zh}）", $"Give a whole number from {Smallest} to {Largest} ({Unit.En})"));

    /// <summary>With its unit, as a page says it.</summary>
    public Words Show(PolicyParameters parameters)
    {
        var value = Get(parameters);
        if (value == 0 && Zero is { } zero) return zero;
        return IsMoney ? new($"{new Money.Fen(value).ToGroupedYuan()} {Unit.Zh}", $"{new Money.Fen(value).ToGroupedYuan()} {Unit.En}") : new($"{value:N0} {Unit.Zh}", $"{value:N0} {Unit.En}");
    }
}
