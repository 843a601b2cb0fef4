namespace Voucher.Server.Classes;

/// <summary>How the rate of a class came about when it was approved: later standards and packs do not touch it.</summary>
/// <param name="Policy">The pack of that day.</param>
public sealed record FrozenRate(Policy Policy, Fen Standard, int UpliftPercent)
{
    public Words Arithmetic => Subsidy.ArithmeticOf(Standard, UpliftPercent);

    public IEnumerable<Rule> Rules => UpliftPercent > 0
        ? [Policy.RuleOf(Clause.Subsidy), Policy.RuleOf(Clause.Catalogue)]
        : [Policy.RuleOf(Clause.Subsidy)];

    /// <summary>As it is cited beside an amount.</summary>
    /// <param name="otherwise">The pack that a class's amount is judged by when nothing was frozen with its rate.</param>
    public static string Cite(FrozenRate? frozen, Policy otherwise) =>
        frozen is null ? otherwise.RuleOf(Clause.Subsidy).ToString() : string.Join('；', frozen.Rules);
}
