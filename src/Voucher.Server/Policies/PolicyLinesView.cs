namespace Voucher.Server.Policies;

/// <summary>A pack to be read.</summary>
public sealed record PolicyLinesView(Policy Pack, IReadOnlyList<PolicyLine> Lines)
{
    public IEnumerable<PolicyLine> Document => Lines.Where(line => line.Part is null && line.Clause is null);

    public IEnumerable<IGrouping<PolicyPart, PolicyLine>> Parts => Lines.Where(line => line.Part is not null).GroupBy(line => line.Part!.Value);
}
